import type { Inputs, PlatformBuild } from '../../inputs/inputs.ts';
import { inBackground, settleAll } from '../../lib/pool.ts';
import type { BuildTarget } from '../../nix/build-target.ts';
import { readDerivation, withoutImports } from '../../nix/derivation.ts';
import { attributeToBuild, evaluateTarget, type Facts } from '../../nix/facts.ts';
import type { Nix } from '../../nix/toolchain.ts';
import type { Result } from '../../results/result-entry.ts';
import type { Runtime } from '../../runtime.ts';
import { type OpenedBuild, openBuild } from './build-images.ts';
import { fetchSame, type Recalled, warnOfFailure } from './recall-result.ts';
import { restoreSources } from './restore-store.ts';

/** A build of which no more than sources is restored. */
export interface EvaluatedBuild extends OpenedBuild {
  /** What an earlier run built from the same derivations; undefined if they are not known or there is no such run. */
  readonly same?: Result | undefined;
}

/**
 * Opens the toolchain. If a build of this kind was saved, and the same images are known to give the same results,
 * restores what an evaluation reads and evaluates: the derivations may be those of an earlier build although the commit
 * is another.
 */
export async function evaluateBuild(
  images: readonly [Inputs, ...Inputs[]],
  { decisive, result }: Recalled,
  runtime: Runtime,
): Promise<EvaluatedBuild> {
  const opened = await openBuild(images, runtime);
  const { nix, fetched } = opened;
  const entry = fetched?.entry;
  if (decisive === undefined || result !== undefined || images[0].rebuild === 'always' || entry === undefined) {
    return opened;
  }
  return runtime.log.group('Evaluation', async () => {
    const before = opened.before ?? (await restoreSources(entry, nix, runtime));
    const evaluated = before && (await evaluate(images, nix, runtime));
    if (evaluated === undefined) return { ...opened, before };
    const { facts, derivations } = evaluated;
    const fetching = fetchSame(images, { ...decisive, source: { derivations } }, runtime);
    const same = await fetching.catch(error => warnOfFailure(error, runtime));
    return { ...opened, before, facts, same };
  });
}

async function evaluate(images: readonly [Inputs, ...Inputs[]], nix: Nix, runtime: Runtime) {
  const asked = (target: BuildTarget, inputs: Inputs) => ({
    ...inputs,
    target,
    buildArgs: [...inputs.buildArgs, ...withoutImports],
  });
  const readImage = async (build: PlatformBuild, inputs: Inputs): Promise<Known> => {
    const evaluated = await evaluateTarget(nix, asked(targetOf(build), inputs), runtime);
    if (evaluated === undefined) return {};
    const { facts, derivations } = evaluated;
    return { facts, drvPath: derivations[attributeToBuild(facts, inputs)] ?? undefined };
  };
  const readContents = async (installable: string): Promise<Known> => ({
    drvPath: await readDerivation(nix, asked({ kind: 'installable', installable }, images[0]), runtime),
  });
  const reading = inBackground(settleAll(images[0].contents.map(readContents)));
  const ofImages = await settleAll(
    images.map(inputs => settleAll(inputs.builds.map(build => readImage(build, inputs)))),
  );
  const known = derivationsOf(ofImages.flat(), await reading);
  return known && { facts: ofImages.map(platforms => platforms.map(({ facts }) => facts)), derivations: known };
}

function targetOf({ source }: PlatformBuild): BuildTarget {
  if (source.kind === 'path') throw new TypeError('A prebuilt image is never built.');
  return source;
}

interface Known {
  readonly facts?: Facts | undefined;
  readonly drvPath?: string | undefined;
}

/** The derivations of images with what Nix says about them, and those of contents; undefined unless all are known. */
export function derivationsOf(
  images: readonly Known[],
  contents: readonly Known[],
): readonly (readonly [string, unknown])[] | undefined {
  const all = [
    ...images.map(({ drvPath, facts }) => [drvPath, facts] as const),
    ...contents.map(({ drvPath }) => [drvPath, null] as const),
  ];
  const isKnown = (one: (typeof all)[number]): one is readonly [string, Facts | null] =>
    one[0] !== undefined && one[1] !== undefined;
  return all.every(isKnown) ? all : undefined;
}
