import type { Host } from '../host.ts';
import { findStreamSettings } from '../image/find-stream-settings.ts';
import type { Inputs, Variant } from '../inputs/inputs.ts';
import { settleAll } from '../lib/pool.ts';
import { fetchingFrom } from '../nix/binary-cache.ts';
import { type Built, build, describeSpec, type Spec } from '../nix/build.ts';
import { type Facts, readFacts, whatToBuild } from '../nix/facts.ts';
import { findNix, type Nix, type NixProgram, type ToolchainInputs } from '../nix/toolchain.ts';
import type { BuildWork, CacheResult } from '../report/result.ts';
import { openToolchain } from './open-toolchain.ts';
import { restoreLayers, restoreStore } from './restore-store.ts';
import { planSave, planSaveOfLayers } from './save-store.ts';
import type { SaveTask } from './save-task.ts';

/** What there is to open as an image for a platform. */
export interface BuiltImage {
  /** Absolute. */
  readonly path: string;
  /** Platform that it must be for. */
  readonly platform: string | undefined;
  /** Undefined where an image was given by `path` and there is no Nix: then nothing is known of store paths. */
  readonly nix: NixProgram | undefined;
  readonly facts: Facts | undefined;
  /** Store paths of `contents`. */
  readonly contents: readonly string[];
}

/** All that was built in a run. */
export interface BuiltImages {
  /** For each image what was built for each of its platforms. */
  readonly images: readonly (readonly BuiltImage[])[];
  /** Of the Nix that built it; undefined where nothing was built. */
  readonly nixVersion: string | undefined;
  /** What Nix did for them; undefined where nothing was built. */
  readonly work?: BuildWork | undefined;
  /** What the store cache gave; undefined where there was none. */
  readonly cache?: CacheResult | undefined;
  /** What it says of layers, as `claimsOf` has it. */
  readonly vouched?: ReadonlySet<string> | undefined;
  /** What is to be left for later runs. */
  readonly save?: SaveTask | undefined;
}

/** Whether an image is built already, and given by `path`. */
export function isBuilt({ variants: [first] }: Inputs): boolean {
  return first?.spec.kind === 'path';
}

/** The image that is given by `path`, or undefined. */
export function givenImage(inputs: Inputs, host: Host): BuiltImage | undefined {
  const [first] = inputs.variants;
  if (first?.spec.kind !== 'path') return undefined;
  const platform = first.platform ?? inputs.platforms[0];
  return {
    path: host.resolve(first.spec.path),
    platform,
    nix: findNix(callsOf(inputs), host),
    facts: undefined,
    contents: [],
  };
}

/** Toolchain and Build: as little as the images need. An image that is built already needs neither. */
export async function buildImages(images: readonly [Inputs, ...Inputs[]], host: Host): Promise<BuiltImages> {
  const [common] = images;
  const given = givenImage(common, host);
  if (given !== undefined) {
    const cache = await restoreLayers(common, host);
    const save = cache && planSaveOfLayers(cache, { inputs: common, host });
    return { images: [[given]], nixVersion: undefined, cache: cache?.result, vouched: cache?.vouched, save };
  }
  const variants = images.flatMap(image => image.variants);
  const inputs = { ...common, variants };
  const { nix, fetched } = await host.log.group('Toolchain', () => openToolchain(inputs, callsOf(common), host));
  const cache = await restoreStore(fetched, nix, { inputs, host });
  return host.log.group('Build', async () => {
    const contents = await settleAll(common.contents.map(one => buildInstallable(one, nix, { inputs, host })));
    const paths = contents.map(({ path }) => path);
    const built = await settleAll(
      images.map(image =>
        settleAll(image.variants.map(variant => buildVariant(variant, nix, { inputs: image, host }))),
      ),
    );
    const save = cache && (await planSave(cache, [...built.flat(), ...contents], { nix, inputs, host }));
    return {
      work: workOf([...built.flat(), ...contents]),
      images: built.map(of => of.map(one => ({ ...one, nix, contents: paths }))),
      nixVersion: nix.version,
      cache: cache?.result,
      vouched: cache?.vouched,
      save,
    };
  });
}

/** How Nix is to be called. */
function callsOf({ cache: { binaryCache, use }, nix, githubToken }: Inputs): ToolchainInputs {
  const calls = binaryCache === undefined || use === 'off' ? nix : fetchingFrom(nix, binaryCache);
  return { ...calls, ...(githubToken === undefined ? {} : { githubToken }) };
}

function workOf(built: readonly Built[]): BuildWork {
  const sum = (key: keyof BuildWork) => built.reduce((total, { work }) => total + work[key], 0);
  return { built: sum('built'), substituted: sum('substituted') };
}

interface Task {
  readonly inputs: Inputs;
  readonly host: Host;
}

function buildInstallable(installable: string, nix: Nix, { inputs, host }: Task): Promise<Built> {
  return build(nix, { ...inputs, spec: { kind: 'installable', installable } }, host);
}

async function buildVariant({ spec, platform }: Variant, nix: Nix, { inputs, host }: Task) {
  if (spec.kind === 'path') throw new TypeError('What is built already is not built.');
  const facts = await readFacts(nix, { ...inputs, spec }, host);
  const built = await buildLeast({ spec, facts, nix }, { inputs, host });
  return { ...built, platform: platform ?? inputs.platforms[0], facts };
}

/** Settings alone that turn out not to be understood are no image: then the script or archive behind them is built. */
async function buildLeast(
  { spec, facts, nix }: { readonly spec: Spec; readonly facts: Facts | undefined; readonly nix: Nix },
  { inputs, host }: Task,
): Promise<Built> {
  const least = whatToBuild(spec, facts, inputs);
  const built = await build(nix, { ...inputs, spec: least }, host);
  const whole = whatToBuild(spec, facts, { ...inputs, native: 'off' });
  if (inputs.native !== 'auto' || describeSpec(least) === describeSpec(whole)) return built;
  const settings = findStreamSettings({ path: built.path });
  if (settings.native) return built;
  host.log.info(`The image is built as a whole: ${settings.why}.`);
  return build(nix, { ...inputs, spec: whole }, host);
}
