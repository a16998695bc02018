import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import type { ImageResult } from '../../report/result.ts';
import { type BuiltResult, formatResult, largestEntry, parseResult } from '../../results/result-entry.ts';
import type { OpenedSource } from '../open/open-source.ts';
import type { StageContext } from '../stage-context.ts';
import type { BuiltImage, BuiltImages } from './build-images.ts';
import { findResultKey } from './find-result-key.ts';
import { maySave } from './save-store.ts';
import type { ResultTask } from './save-task.ts';

interface Published {
  readonly images: readonly [Inputs, ...Inputs[]];
  readonly built: BuiltImages;
  /** For each image what was opened for each of its platforms. */
  readonly sources: readonly (readonly OpenedSource[])[];
  readonly published: readonly ImageResult[];
}

/**
 * What to save of a build under its key, so that later runs need not repeat it; undefined if there is no key, or with the
 * reason in the debug log.
 */
export async function rememberResult(
  key: string | undefined,
  { images, built, sources, published }: Published,
  context: StageContext,
): Promise<ResultTask | undefined> {
  const { runtime } = context;
  if (key === undefined || !maySave(images[0], runtime) || !published.every(({ pushed }) => pushed)) return undefined;
  try {
    // Nix may have written flake.lock, or another step of the job changed files meanwhile.
    if ((await findResultKey(images, context)) !== key)
      throw new Failure('what it was built from changed during the build');
    const text = formatResult(key, {
      time: new Date(runtime.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      run: runtime.context.runUrl,
      nixVersion: built.nixVersion ?? '',
      images: built.images.map((platforms, i) =>
        platforms.map((one, j) => builtResultOf(one, sources[i]?.[j] as OpenedSource, published[i]?.platforms[j])),
      ),
    });
    if (text.length > largestEntry) throw new Failure(`it has ${text.length} bytes`);
    // An entry that no run would accept would only be in the way.
    parseResult(Buffer.from(text), key);
    return { key, text };
  } catch (error) {
    runtime.log.debug(`Not remembering the result of this build: ${messageOf(error)}`);
    return undefined;
  }
}

function builtResultOf(
  { drvPath, facts }: BuiltImage,
  { image, usesClock }: OpenedSource,
  result: ImageResult['platforms'][number] | undefined,
): BuiltResult {
  if (usesClock) throw new Failure('it takes times from the clock, so that every run makes another image');
  if (drvPath === undefined || result === undefined) throw new Failure('it has no derivation');
  const { config, annotations = {}, base } = image;
  const meta = facts && {
    description: facts.description,
    license: facts.license,
    homepage: facts.homepage,
    version: facts.version,
  };
  return {
    drvPath,
    config,
    annotations,
    base,
    meta,
    layers: result.layers.map(({ descriptor, contents }) => ({ descriptor, contents })),
  };
}
