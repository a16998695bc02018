import type { Inputs } from '../../inputs/inputs.ts';
import { isPath } from '../../inputs/is-path.ts';
import { createdOf, platformOf } from '../../oci/config.ts';
import { parseImageName } from '../../oci/reference.ts';
import type { SbomSubject } from '../../sbom/inventory.ts';
import { storePathName } from '../../store-path.ts';
import { buildImages } from '../build/build-images.ts';
import { inspectImage } from '../open/inspect-image.ts';
import { openSources } from '../open/open-source.ts';
import type { StageContext } from '../stage-context.ts';
import { imagePathsOf } from './read-image-paths.ts';
import { bareInventory, readInventory } from './read-inventory.ts';

/**
 * Describes an image. `name` is an installable (with `#`), which is built, a path (`./…`, `/…`) to what Nix built, or a
 * reference, whose layers are read.
 */
export function describeSubject(name: string, inputs: Inputs, context: StageContext): Promise<SbomSubject> {
  return isInstallable(name) || isPath(name)
    ? describeBuild(name, inputs, context)
    : describeStored(name, inputs, context);
}

/** Whether a text names an output of a flake; a reference has no `#`. */
export function isInstallable(name: string): boolean {
  return name === '.' || name.includes('#');
}

async function describeBuild(name: string, inputs: Inputs, context: StageContext): Promise<SbomSubject> {
  const source = isInstallable(name)
    ? ({ kind: 'installable', installable: name } as const)
    : ({ kind: 'path', path: name } as const);
  const own: Inputs = { ...inputs, builds: [{ source }] };
  const built = await buildImages([own], context.runtime);
  const [[one] = []] = built.images;
  const [[opened] = []] = await openSources([own], built, context);
  if (one === undefined || opened === undefined) throw new TypeError('One installable is one source.');
  const { image } = opened;
  return {
    // Not as the user named it: the same image has the same document on every machine.
    name: storePathName(one.path).replace(/^.*\//, ''),
    platform: platformOf(image.config),
    created: createdOf(image.config),
    inventory: await readInventory(image, { built: one, source, inputs: own, runtime: context.runtime }),
  };
}

/** Uses only the layers: this machine's Nix may know other facts about a path than the Nix that built the image. */
async function describeStored(name: string, inputs: Inputs, context: StageContext): Promise<SbomSubject> {
  const { config, platform, layers, digest } = await inspectImage(name, { inputs, ...context });
  const { name: _, ...repository } = parseImageName(name);
  const ofLayers = layers.map(({ contents, otherBytes }) => ({
    paths: contents.paths.map(({ path }) => path),
    hasOthers: otherBytes > 0,
  }));
  const subject = { name: `${repository.host}/${repository.path}`, repository, platform, created: createdOf(config) };
  const inventory = bareInventory(imagePathsOf(ofLayers, { config }));
  return { ...subject, ...(digest === undefined ? {} : { digest }), inventory };
}
