import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
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
}

/** Looks for the result of an earlier run that built the same images, where entries of the store cache are kept. */
export async function recallResult(images: readonly [Inputs, ...Inputs[]], context: StageContext): Promise<Recalled> {
  const { runtime } = context;
  const decisive = openBackend(images, runtime) && (await findDecisive(images, context));
  return { decisive, result: decisive && (await fetchSame(images, decisive, runtime)) };
}

/** The result that an earlier run has built from the same; undefined if there is none that can be used. */
export async function fetchSame(
  images: readonly [Inputs, ...Inputs[]],
  decisive: Decisive,
  runtime: Runtime,
): Promise<Result | undefined> {
  const backend = openBackend(images, runtime);
  if (backend === undefined || images[0].rebuild === 'always' || !images.every(isOnlyPushed)) return undefined;
  const key = resultKey(decisive);
  try {
    const result = await fetchResult(key, backend, ({ message }, entry) =>
      runtime.log.warning(`Ignoring the result of an earlier run ${entry}: ${message}`),
    );
    if (result !== undefined) expectImages(result, images);
    return result;
  } catch (error) {
    runtime.log.warning(`Building, since the result of an earlier run cannot be used (${key}): ${messageOf(error)}`);
    return undefined;
  }
}

function openBackend([inputs]: readonly [Inputs, ...Inputs[]], runtime: Runtime): ResultsBackend | undefined {
  return inputs.cache.use === 'off' ? undefined : openResults(inputs, runtime, 'pull');
}

/** An image that is also written to this machine needs its layers there. */
export function isOnlyPushed({ push, dryRun, load, output, sbom }: Inputs): boolean {
  return (push || dryRun) && !load && output === undefined && sbom.formats.length === 0;
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
