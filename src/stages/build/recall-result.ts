import type { Inputs } from '../../inputs/inputs.ts';
import { messageOf } from '../../lib/failure.ts';
import { platformOf } from '../../oci/config.ts';
import { closestTo } from '../../oci/platform.ts';
import type { BuiltResult, Result } from '../../results/result-entry.ts';
import { type Decisive, resultKey } from '../../results/result-key.ts';
import { fetchResult, type ResultsBackend } from '../../results/results-backend.ts';
import type { Runtime } from '../../runtime.ts';
import type { StageContext } from '../stage-context.ts';
import { findDecisive } from './find-decisive.ts';
import { openResults } from './open-entries.ts';

/** What is known of a build before Nix runs. */
export interface Recalled {
  /** Undefined if a result of this build cannot be used again. */
  readonly decisive: Decisive | undefined;
  /** What an earlier run built from the same, if there was one. */
  readonly result: Result | undefined;
  /** What the step still uses of the cache: nothing if its registry failed, so that nobody waits for that registry again. */
  readonly images: Images;
}

type Images = readonly [Inputs, ...Inputs[]];

/** Looks for the result of an earlier run that built the same images, where entries of the store cache are kept. */
export async function recallResult(images: Images, context: StageContext): Promise<Recalled> {
  const { runtime } = context;
  const decisive = openBackend(images, runtime) && (await findDecisive(images, context));
  if (decisive === undefined) return { decisive, result: undefined, images };
  try {
    return { decisive, result: await fetchSame(images, decisive, runtime), images };
  } catch (error) {
    const [first, ...others] = images;
    if (first.cache.registry === undefined) {
      warnOfFailure(error, runtime);
      return { decisive, result: undefined, images };
    }
    runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
    const without: Images = [{ ...first, cache: { ...first.cache, use: 'off' } }, ...others];
    return { decisive: undefined, result: undefined, images: without };
  }
}

/** Says that a result could not be read. The step builds, as if there were none. */
export function warnOfFailure(error: unknown, { log }: Runtime): undefined {
  log.warning(`Building, since the result of an earlier run cannot be used: ${messageOf(error)}`);
}

/** The result that an earlier run has built from the same; undefined if there is none that can be used. */
export async function fetchSame(images: Images, decisive: Decisive, runtime: Runtime): Promise<Result | undefined> {
  const backend = openBackend(images, runtime);
  if (backend === undefined || images[0].rebuild === 'always' || !images.every(isOnlyPushed)) return undefined;
  const key = resultKey(decisive);
  const ignore = (message: string, entry = key) =>
    runtime.log.warning(`Ignoring the result of an earlier run ${entry}: ${message}`);
  const result = await fetchResult(key, backend, ({ message }, entry) => ignore(message, entry));
  if (result === undefined || hasImages(result, images)) return result;
  ignore('it has images for other platforms');
  return undefined;
}

function openBackend([inputs]: Images, runtime: Runtime): ResultsBackend | undefined {
  return inputs.cache.use === 'off' ? undefined : openResults(inputs, runtime, 'pull');
}

/** An image that is also written to this machine needs its layers there. */
export function isOnlyPushed({ push, dryRun, load, output, sbom }: Inputs): boolean {
  return (push || dryRun) && !load && output === undefined && sbom.formats.length === 0;
}

/** Whether there are as many images and platforms, each for the wanted platform. */
function hasImages({ images: built }: Result, images: readonly Inputs[]): boolean {
  const wanted = images.map(({ builds, platforms }) => builds.map(({ platform = platforms[0] }) => platform));
  const areFor = (results: readonly BuiltResult[], asked: readonly (string | undefined)[] = []) =>
    results.length === asked.length && results.every((result, i) => isFor(asked[i], result));
  return built.length === wanted.length && built.every((results, i) => areFor(results, wanted[i]));
}

function isFor(platform: string | undefined, { config }: BuiltResult): boolean {
  return platform === undefined || closestTo(platform, [platformOf(config)], one => one).length > 0;
}
