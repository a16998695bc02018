import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import type { ImageResult } from '../../report/result.ts';
import { type BuiltResult, formatResult, largestEntry, parseResult, type Result } from '../../results/result-entry.ts';
import { type Decisive, resultKey } from '../../results/result-key.ts';
import type { OpenedSource } from '../open/open-source.ts';
import type { StageContext } from '../stage-context.ts';
import type { BuiltImage, BuiltImages } from './built-images.ts';
import { derivationsOf } from './evaluate-build.ts';
import { findDecisive } from './find-decisive.ts';
import type { Recalled } from './recall-result.ts';
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
 * What to save of a build, so that later runs of the same commit and of the same derivations need not repeat it;
 * nothing, with the reason in the debug log, if another build of them may give another result.
 */
export async function rememberResult(
  { decisive }: Recalled,
  { images, built, sources, published }: Published,
  context: StageContext,
): Promise<ResultTask | undefined> {
  const { runtime } = context;
  const isWanted = maySave(images[0], runtime) && published.every(({ pushed }) => pushed);
  if (decisive === undefined || !isWanted) return undefined;
  const derivations = derivationsOf(built.images.flat(), built.contents ?? []);
  const same = derivations === undefined ? [] : [{ ...decisive, source: { derivations } }];
  try {
    const result = {
      time: new Date(runtime.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      run: runtime.context.runUrl,
      nixVersion: built.nixVersion ?? '',
      images: built.images.map((platforms, i) =>
        platforms.map((one, j) => builtResultOf(one, sources[i]?.[j] as OpenedSource, { of: published[i], at: j })),
      ),
    };
    await expectUnchanged(decisive, { images, context, nixVersion: built.nixVersion });
    return taskOf(result, decisive, same);
  } catch (error) {
    runtime.log.debug(`Not remembering the result of this build: ${messageOf(error)}`);
    return undefined;
  }
}

/** What to save of a result that was found by its derivations, so that later runs of the same commit find it too. */
export async function rememberReused(
  result: Result | undefined,
  { decisive }: Recalled,
  remembering: Remembering,
): Promise<ResultTask | undefined> {
  const { images, context } = remembering;
  const { runtime } = context;
  if (result === undefined || decisive === undefined) return undefined;
  if (!maySave(images[0], runtime) || images.some(({ dryRun }) => dryRun)) return undefined;
  try {
    await expectUnchanged(decisive, remembering);
    return taskOf(result, decisive);
  } catch (error) {
    runtime.log.debug(`Not remembering the result of this build: ${messageOf(error)}`);
    return undefined;
  }
}

interface Remembering {
  readonly images: readonly [Inputs, ...Inputs[]];
  readonly context: StageContext;
  /** Version of the Nix that built or evaluated them. */
  readonly nixVersion: string | undefined;
}

/** Nix may have written flake.lock, or another step of the job changed files meanwhile. */
async function expectUnchanged(decisive: Decisive, { images, context, nixVersion }: Remembering): Promise<void> {
  const now = await findDecisive(images, context, nixVersion);
  if (now !== undefined && resultKey(now) === resultKey(decisive)) return;
  throw new Failure('what it was built from changed during the build');
}

function taskOf(result: Result, decisive: Decisive, others: readonly Decisive[] = []): ResultTask {
  const key = resultKey(decisive);
  const text = formatResult(key, result);
  if (text.length > largestEntry) throw new Failure(`it has ${text.length} bytes`);
  // An entry that no run would accept would only be in the way.
  parseResult(Buffer.from(text), key);
  return { key, text, others: others.map(resultKey) };
}

function builtResultOf(
  { drvPath, facts }: BuiltImage,
  { image, usesClock }: OpenedSource,
  { of: published, at }: { readonly of: ImageResult | undefined; readonly at: number },
): BuiltResult {
  const result = published?.platforms[at];
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
    findings: (published?.findings ?? []).filter(({ platform }) => platform === result.platform),
    layers: result.layers.map(({ descriptor, contents }) => ({ descriptor, contents })),
  };
}
