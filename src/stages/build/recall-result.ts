import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { platformOf } from '../../oci/config.ts';
import { closestTo } from '../../oci/platform.ts';
import type { BuiltResult, Result } from '../../results/result-entry.ts';
import { fetchResult } from '../../results/results-backend.ts';
import type { StageContext } from '../stage-context.ts';
import { findResultKey } from './find-result-key.ts';
import { openFiles } from './open-entries.ts';

/** What is known of a build before Nix runs. */
export interface Recalled {
  /** Undefined if the result of this build cannot be used again. */
  readonly key: string | undefined;
  /** What an earlier run built for the same key, if there was one. */
  readonly result: Result | undefined;
}

/** Looks for the result of an earlier run that built the same images, where entries of the store cache are kept. */
export async function recallResult(images: readonly [Inputs, ...Inputs[]], context: StageContext): Promise<Recalled> {
  const { runtime } = context;
  const [{ cache, rebuild }] = images;
  const backend = cache.use === 'off' ? undefined : openFiles(cache, runtime);
  const key = backend === undefined ? undefined : await findResultKey(images, context);
  if (backend === undefined || key === undefined || rebuild === 'always' || !images.every(isOnlyPushed)) {
    return { key, result: undefined };
  }
  try {
    const result = await fetchResult(key, { backend, temporary: runtime.temporary });
    if (result !== undefined) expectImages(result, images);
    return { key, result };
  } catch (error) {
    runtime.log.warning(`Building, since the result of an earlier run cannot be used (${key}): ${messageOf(error)}`);
    return { key, result: undefined };
  }
}

/** An image that is also written to this machine needs its layers there. */
function isOnlyPushed({ push, dryRun, load, output }: Inputs): boolean {
  return (push || dryRun) && !load && output === undefined;
}

/** The same number of images and platforms, each for the wanted platform. */
function expectImages({ images: built }: Result, images: readonly Inputs[]): void {
  const wanted = images.map(({ builds, platforms }) => builds.map(({ platform = platforms[0] }) => platform));
  const areFor = (results: readonly BuiltResult[], asked: readonly (string | undefined)[] = []) =>
    results.length === asked.length && results.every((result, i) => isFor(asked[i], result));
  if (built.length === wanted.length && built.every((results, i) => areFor(results, wanted[i]))) return;
  throw new Failure('it has images for other platforms');
}

function isFor(platform: string | undefined, { config }: BuiltResult): boolean {
  return platform === undefined || closestTo(platform, [platformOf(config)], one => one).length > 0;
}
