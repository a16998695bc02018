import type { Inputs } from '../../inputs/inputs.ts';
import { type ExplainedPath, explainClosure } from '../../inspect/explain-closure.ts';
import { Failure } from '../../lib/failure.ts';
import { isObject } from '../../lib/json-object.ts';
import { readClosure } from '../../nix/closure.ts';
import type { ImageConfig } from '../../oci/config.ts';
import type { Image } from '../../oci/image.ts';
import { isStorePath } from '../../store-path.ts';
import { buildImages } from '../build/build-images.ts';
import type { StageContext } from '../stage-context.ts';
import { inspectLayers } from './inspect-image.ts';
import { openSources } from './open-source.ts';

/** Builds the image, and explains each store path in it by what Nix knows of references and sizes. */
export async function explainImage(inputs: Inputs, context: StageContext): Promise<ExplainedPath[]> {
  const { log } = context.runtime;
  const built = await buildImages([inputs], context.runtime);
  const [[one] = []] = built.images;
  return log.group('Image', async () => {
    const [[source] = []] = await openSources([inputs], built, context);
    if (one?.nix === undefined || source === undefined) {
      throw new Failure('Cannot explain the image: there is no Nix, which knows why its store paths are there.');
    }
    const paths = await pathsOf(source.image, context);
    if (paths.size === 0) throw new Failure(`Cannot explain ${one.path}: the image has no store paths of Nix.`);
    const closure = await readClosure(one.nix, [...paths]);
    const inImage = new Map([...closure].filter(([path]) => paths.has(path)));
    return explainClosure(inImage, [...applicationsOf(source.image.config), one.path]);
  });
}

/** The store paths that the image names, else those that its layers have. */
async function pathsOf(image: Image, context: StageContext): Promise<ReadonlySet<string>> {
  const named = image.layers.flatMap(({ contents }) => contents?.paths ?? []);
  const found =
    named.length > 0 ? named : (await inspectLayers(image, context)).layers.flatMap(layer => layer.contents.paths);
  return new Set(found.map(({ path }) => path));
}

/** The store paths of what the image starts. OCI image-spec, config.md: Entrypoint and Cmd. */
function applicationsOf({ json: { config } }: ImageConfig): string[] {
  const { Entrypoint, Cmd } = isObject(config) ? config : {};
  const words = [Entrypoint, Cmd].flatMap(value => (Array.isArray(value) ? value.map(String) : []));
  return words.map(word => word.split('/').slice(0, 4).join('/')).filter(path => isStorePath(path));
}
