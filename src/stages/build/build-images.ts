import { findStreamSettings } from '../../image/find-stream-settings.ts';
import type { Inputs, PlatformBuild } from '../../inputs/inputs.ts';
import { settleAll } from '../../lib/pool.ts';
import { fetchingFrom } from '../../nix/binary-cache.ts';
import { type Built, build } from '../../nix/build.ts';
import { type BuildTarget, describeTarget } from '../../nix/build-target.ts';
import { chooseTarget, type Facts, readFacts } from '../../nix/facts.ts';
import { findNix, type Nix, type ToolchainInputs } from '../../nix/toolchain.ts';
import type { BuildWork } from '../../report/result.ts';
import type { Runtime } from '../../runtime.ts';
import type { Publication } from '../publish/publication.ts';
import type { BuiltImage, BuiltImages } from './built-images.ts';
import { openToolchain, type Toolchain } from './open-toolchain.ts';
import { openPassing, type PassOn } from './pass-on.ts';
import { restoreLayers, restoreStore } from './restore-store.ts';
import { planSave, planSaveOfLayers } from './save-store.ts';

/** The image that `path` names, or undefined. */
export function prebuiltImage(inputs: Inputs, runtime: Runtime): BuiltImage | undefined {
  const [first] = inputs.builds;
  if (first?.source.kind !== 'path') return undefined;
  const platform = first.platform ?? inputs.platforms[0];
  return {
    path: runtime.resolve(first.source.path),
    platform,
    nix: findNix(toolchainInputsOf(inputs), runtime),
    facts: undefined,
    contents: [],
  };
}

interface BuildStart {
  /** The toolchain, if it is open. */
  readonly opened?: OpenedBuild | undefined;
  /**
   * Where the images go, if they are only pushed; then packages whose layers are known there need not be downloaded.
   */
  readonly opening?: Promise<readonly Publication[]>;
}

/** Restores the store cache and builds as little as the images need. A prebuilt image needs no toolchain. */
export async function buildImages(
  images: readonly [Inputs, ...Inputs[]],
  runtime: Runtime,
  { opened, opening }: BuildStart = {},
): Promise<BuiltImages> {
  const [common] = images;
  const imported = prebuiltImage(common, runtime);
  if (imported !== undefined) {
    const cache = await restoreLayers(common, runtime);
    const save = cache && planSaveOfLayers(cache, { inputs: common, runtime });
    return { images: [[imported]], nixVersion: undefined, cache: cache?.result, confirmed: cache?.confirmed, save };
  }
  const { nix, fetched, before, facts } = opened ?? (await openBuild(images, runtime));
  const inputs = withAllBuilds(images);
  const cache = await restoreStore(fetched, nix, { inputs, runtime, before });
  return runtime.log.group('Build', async () => {
    const contents = await settleAll(common.contents.map(one => buildInstallable(one, nix, { inputs, runtime })));
    const paths = contents.map(({ path }) => path);
    const passing = openPassing({ opening, cache, nix, runtime });
    const built = await settleAll(
      images.map((image, i) => {
        const passOn = passing(image, i);
        const builds = image.builds.map((one, j) =>
          buildPlatform(one, nix, { inputs: image, runtime, facts: facts?.[i]?.[j], passOn }),
        );
        return settleAll(builds);
      }),
    );
    const save = cache && (await planSave(cache, [...built.flat(), ...contents], { nix, inputs, runtime }));
    return {
      work: workOf([...built.flat(), ...contents]),
      images: built.map(of => of.map(one => ({ ...one, nix, contents: paths }))),
      contents,
      nixVersion: nix.version,
      cache: cache?.result,
      confirmed: cache?.confirmed,
      save,
    };
  });
}

/** What a build starts with, before anything is built. */
export interface OpenedBuild extends Toolchain {
  /** Per image what Nix says about each of its platforms, if it has evaluated. */
  readonly facts?: readonly (readonly (Facts | undefined)[])[];
}

/** Finds or installs Nix, and fetches the entry of the store cache. */
export function openBuild(images: readonly [Inputs, ...Inputs[]], runtime: Runtime): Promise<OpenedBuild> {
  return runtime.log.group('Toolchain', () =>
    openToolchain(withAllBuilds(images), toolchainInputsOf(images[0]), runtime),
  );
}

function withAllBuilds(images: readonly [Inputs, ...Inputs[]]): Inputs {
  return { ...images[0], builds: images.flatMap(image => image.builds) };
}

/** Settings for all calls of Nix. */
function toolchainInputsOf({ cache: { binaryCache, use }, nix, githubToken }: Inputs): ToolchainInputs {
  const calls = binaryCache === undefined || use === 'off' ? nix : fetchingFrom(nix, binaryCache);
  return { ...calls, ...(githubToken === undefined ? {} : { githubToken }) };
}

function workOf(built: readonly Built[]): BuildWork {
  const sum = (key: 'built' | 'substituted') => built.reduce((total, { work }) => total + work[key], 0);
  return { built: sum('built'), substituted: sum('substituted'), builds: built.flatMap(({ work }) => work.builds) };
}

interface Task {
  readonly inputs: Inputs;
  readonly runtime: Runtime;
}

function buildInstallable(installable: string, nix: Nix, { inputs, runtime }: Task): Promise<Built> {
  return build(nix, { ...inputs, target: { kind: 'installable', installable } }, runtime);
}

async function buildPlatform(
  { source, platform }: PlatformBuild,
  nix: Nix,
  { inputs, runtime, facts: known, passOn }: Task & { readonly facts: Facts | undefined; readonly passOn: PassOn },
) {
  if (source.kind === 'path') throw new TypeError('A prebuilt image is never built.');
  const facts = known ?? (await readFacts(nix, { ...inputs, target: source }, runtime));
  const built: Built & Pick<BuiltImage, 'passedOn'> =
    (await passOn(source, facts)) ?? (await buildMinimal({ source, facts, nix }, { inputs, runtime }));
  return { ...built, platform: platform ?? inputs.platforms[0], facts };
}

/** Builds only the settings if possible; if they cannot be used, builds the script or archive behind them. */
async function buildMinimal(
  { source, facts, nix }: { readonly source: BuildTarget; readonly facts: Facts | undefined; readonly nix: Nix },
  { inputs, runtime }: Task,
): Promise<Built> {
  const least = chooseTarget(source, facts, inputs);
  const built = await build(nix, { ...inputs, target: least }, runtime);
  const whole = chooseTarget(source, facts, { ...inputs, native: 'off' });
  if (inputs.native !== 'auto' || describeTarget(least) === describeTarget(whole)) return built;
  const settings = findStreamSettings({ path: built.path });
  if (settings.native) return built;
  runtime.log.info(`Building the whole image: ${settings.why}.`);
  return build(nix, { ...inputs, target: whole }, runtime);
}
