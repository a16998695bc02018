import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { withoutLogins } from '../../lib/http/url-login.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import { NarFault } from '../../nar/nar-fault.ts';
import { type Built, build } from '../../nix/build.ts';
import type { BuildInputs, BuildTarget } from '../../nix/build-target.ts';
import { withCure } from '../../nix/cures.ts';
import type { Facts } from '../../nix/facts.ts';
import { planFetch } from '../../nix/plan-build.ts';
import { isTrustedBy } from '../../nix/store.ts';
import { openSubstitutes } from '../../nix/substitutes.ts';
import type { Nix } from '../../nix/toolchain.ts';
import type { ReuseOptions } from '../../pack/reuse-layer.ts';
import type { Runtime } from '../../runtime.ts';
import type { Publication } from '../publish/publication.ts';
import type { BuiltImage, BuiltImages, PassedOn } from './built-images.ts';
import { findUnknown } from './find-decisive.ts';
import { isOnlyPushed } from './recall-result.ts';
import type { StoreCache } from './restore-store.ts';

/** An image that needs all store paths of its package on this machine; the message says why. */
export class NeedsStorePaths extends Failure {
  override readonly name = 'NeedsStorePaths';
}

/**
 * How the layers of an image may be reused without being read. Undefined if none can be, or if something else of this
 * step needs their store paths.
 */
export async function findReuse(
  inputs: Inputs,
  { destination, layout }: Publication,
  confirmed: ReadonlySet<string> | undefined,
): Promise<ReuseOptions | undefined> {
  const { reuse, compression, check, checkReproducible, nixDb } = inputs;
  const areRead = check === 'error' || checkReproducible || nixDb;
  if (
    areRead ||
    !isOnlyPushed(inputs) ||
    layout !== undefined ||
    reuse === 'off' ||
    (reuse === 'verify' && !confirmed?.size)
  )
    return undefined;
  const { layers: known } = await destination.readKnown();
  return known.size === 0 ? undefined : { reuse, known, confirmed, compression, onFalseClaim() {} };
}

/**
 * A package that binary caches have, without downloading it; undefined if it must be built, if it is no plain package,
 * or if its store paths are needed.
 */
export type PassOn = (
  source: BuildTarget,
  facts: Facts | undefined,
) => Promise<(Built & { readonly passedOn: PassedOn }) | undefined>;

interface Passing {
  /** Where the images go, if they are only pushed. */
  readonly opening: Promise<readonly Publication[]> | undefined;
  readonly cache: StoreCache | undefined;
  readonly nix: Nix;
  readonly runtime: Runtime;
}

/** Opens the packages of the images of a step without downloading them, if their layers are in the registries. */
export function openPassing({ opening, cache, nix, runtime }: Passing): (inputs: Inputs, i: number) => PassOn {
  // Nix 2.8 fails if two processes ask a binary cache for the first time.
  const pool = createPool(1);
  let trusting: Promise<boolean> | undefined;
  return (inputs, i) => async (source, facts) => {
    const publication = (await opening)?.[i];
    // If an entry was restored, asking Nix what it would fetch is not worth another evaluation.
    const areRestored = !inputs.cache.excludeSubstitutable && (cache?.result?.restoredPaths ?? 0) > 0;
    if (publication === undefined || areRestored || !isPackage(facts)) return undefined;
    // Other arguments may name other binary caches, or want another build.
    if (findUnknown(inputs.buildArgs) !== undefined) return undefined;
    const reuse = await findReuse(inputs, publication, cache?.confirmed);
    if (reuse === undefined) return undefined;
    trusting ??= isTrusted(nix, runtime);
    return (await trusting) ? pool(() => passOn({ ...inputs, target: source }, { reuse, nix, runtime })) : undefined;
  };
}

/** Whether what this user's Nix says of binary caches counts; asked before Nix evaluates anything. */
async function isTrusted(nix: Nix, { log }: Runtime): Promise<boolean> {
  try {
    if (await isTrustedBy(nix)) return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  const why = 'the Nix daemon does not say that this user is one of its trusted-users';
  log.info(`Downloading all store paths, also those whose layers are in a registry: ${why}`);
  return false;
}

async function passOn(
  inputs: BuildInputs,
  { reuse, nix, runtime }: Pick<Passing, 'nix' | 'runtime'> & { readonly reuse: ReuseOptions },
): ReturnType<PassOn> {
  const plan = await planFetch(nix, inputs, runtime);
  if (plan === undefined) return undefined;
  const { path, drvPath, fetched, warnings } = plan;
  try {
    const substitutes = await openSubstitutes(plan, nix, runtime.temporary);
    for (const warning of warnings) runtime.log.warning(withCure(warning, runtime.directory));
    runtime.log.info(`${path}: binary caches have the ${fetched.length} store paths that are not here`);
    const work = { built: 0, substituted: 0, builds: [] };
    const realise = () => build(nix, inputs, runtime);
    return { path, ...(drvPath === undefined ? {} : { drvPath }), work, passedOn: { substitutes, reuse, realise } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    runtime.log.info(`Downloading ${path} with all that it refers to: ${withoutLogins(messageOf(error))}`);
    return undefined;
  }
}

/** Whether it is a derivation that is none of the images that can be told by their attributes. */
function isPackage(facts: Facts | undefined): boolean {
  return facts?.isDerivation === true && facts.imageName === null && !facts.hasStream && !facts.hasConf;
}

/** Runs `use`; if it turns out to need store paths that are not on this machine, downloads them and runs it again. */
export async function orRealised<T>(
  built: BuiltImages,
  { log }: Runtime,
  use: (built: BuiltImages) => Promise<T>,
): Promise<T> {
  try {
    return await use(built);
  } catch (error) {
    const isPassedOn = built.images.flat().some(({ passedOn }) => passedOn !== undefined);
    if (!isPassedOn || !(error instanceof NarFault || error instanceof NeedsStorePaths)) throw error;
    const text = `${messageOf(error)} Downloading all store paths.`;
    if (error instanceof NarFault) log.warning(text);
    else log.info(text);
    return use(await log.group('Build', () => realiseAll(built)));
  }
}

async function realiseAll(built: BuiltImages): Promise<BuiltImages> {
  let { built: count = 0, substituted = 0, builds = [] } = built.work ?? {};
  const realise = async ({ passedOn, ...image }: BuiltImage): Promise<BuiltImage> => {
    if (passedOn === undefined) return image;
    const { path, work } = await passedOn.realise();
    count += work.built;
    substituted += work.substituted;
    builds = [...builds, ...work.builds];
    return { ...image, path };
  };
  const images = await settleAll(built.images.map(platforms => settleAll(platforms.map(realise))));
  return { ...built, images, work: { built: count, substituted, builds } };
}
