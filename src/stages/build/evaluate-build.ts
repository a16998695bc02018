import type { Inputs, PlatformBuild } from '../../inputs/inputs.ts';
import { inBackground, settleAll } from '../../lib/pool.ts';
import type { BuildTarget } from '../../nix/build-target.ts';
import { readDerivation, withoutImports } from '../../nix/derivation.ts';
import { chooseTarget, type Facts, readFacts } from '../../nix/facts.ts';
import type { Nix } from '../../nix/toolchain.ts';
import type { Decisive } from '../../results/result-key.ts';
import type { Runtime } from '../../runtime.ts';
import { type OpenedBuild, openBuild } from './build-images.ts';
import { restoreSources } from './restore-store.ts';

/** A build whose derivations are known; of the store cache only sources are restored. */
export interface EvaluatedBuild extends OpenedBuild {
  /** What decides the images now that the derivations are known; undefined if the evaluation needs more than sources. */
  readonly decisive?: Decisive;
}

/**
 * Opens the toolchain. If there is an entry of the store cache and `decisive` says that the build is pure, restores what an
 * evaluation reads and evaluates: the derivations may be those of an earlier build although the commit is another one.
 */
export async function evaluateBuild(
  images: readonly [Inputs, ...Inputs[]],
  decisive: Decisive | undefined,
  runtime: Runtime,
): Promise<EvaluatedBuild> {
  const opened = await openBuild(images, runtime);
  const { nix } = opened;
  const entry = opened.fetched?.entry;
  if (decisive === undefined || images[0].rebuild === 'always' || entry === undefined) return opened;
  return runtime.log.group('Evaluation', async () => {
    const before = await restoreSources(entry, nix, runtime);
    const evaluated = before && (await evaluate(images, nix, runtime));
    if (evaluated === undefined) return { ...opened, before };
    const { facts, derivations } = evaluated;
    return { ...opened, before, facts, decisive: { ...decisive, source: { derivations } } };
  });
}

async function evaluate(images: readonly [Inputs, ...Inputs[]], nix: Nix, runtime: Runtime) {
  const read = async (target: BuildTarget, inputs: Inputs) => {
    const asked = { ...inputs, target, buildArgs: [...inputs.buildArgs, ...withoutImports] };
    // Side by side, since most often the derivation is that of the target itself.
    const reading = inBackground(readDerivation(nix, asked, runtime));
    const facts = await readFacts(nix, asked, runtime);
    const least = chooseTarget(target, facts, inputs);
    const whole = await reading;
    const drvPath = least === target ? whole : await readDerivation(nix, { ...asked, target: least }, runtime);
    return { facts, drvPath };
  };
  const contents = images[0].contents.map(installable => read({ kind: 'installable', installable }, images[0]));
  const builds = images.map(inputs => settleAll(inputs.builds.map(build => read(targetOf(build), inputs))));
  const reading = inBackground(settleAll(contents));
  const ofImages = await settleAll(builds);
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
