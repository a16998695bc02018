import type { Host } from '../host.ts';
import { findStreamSettings } from '../image/find-stream-settings.ts';
import type { Inputs } from '../inputs.ts';
import { type Built, build, describeSpec, type Spec } from '../nix/build.ts';
import { type Facts, readFacts, whatToBuild } from '../nix/facts.ts';
import { findNix, type Nix, openNix } from '../nix/toolchain.ts';
import type { CacheResult } from '../report/result.ts';
import { restoreStore } from './restore-store.ts';
import { planSave } from './save-store.ts';

/** What there is to open as an image. */
export interface BuiltImage {
  /** Absolute. */
  readonly path: string;
  /** Undefined where an image was given by `path` and there is no Nix: then nothing is known of store paths. */
  readonly nix: Nix | undefined;
  /** Of the Nix that built it; undefined where nothing was built. */
  readonly nixVersion: string | undefined;
  readonly facts: Facts | undefined;
  /** Store paths of `contents`. */
  readonly contents: readonly string[];
  /** What the store cache gave; undefined where there was none. */
  readonly cache?: CacheResult | undefined;
}

/** Toolchain and Build: as little as the image needs. An image that is built already needs neither. */
export async function buildImage(inputs: Inputs, host: Host): Promise<BuiltImage> {
  const { spec, nix: settings, githubToken } = inputs;
  const toolchain = { ...settings, ...(githubToken === undefined ? {} : { githubToken }) };
  if (spec.kind === 'path') {
    const nix = await findNix(toolchain, host);
    return { path: host.resolve(spec.path), nix, nixVersion: undefined, facts: undefined, contents: [] };
  }
  const nix = await host.log.group('Toolchain', () => openNix(toolchain, host));
  const cache = await restoreStore(nix, inputs, host);
  return host.log.group('Build', async () => {
    const facts = await readFacts(nix, { ...inputs, spec }, host);
    const image = await buildLeast({ spec, facts, nix }, inputs, host);
    const contents: Built[] = [];
    for (const installable of inputs.contents) {
      contents.push(await build(nix, { ...inputs, spec: { kind: 'installable', installable } }, host));
    }
    if (cache !== undefined) await planSave(cache, [image, ...contents], { nix, inputs, host });
    const paths = contents.map(({ path }) => path);
    return { path: image.path, nix, nixVersion: nix.version, facts, contents: paths, cache: cache?.result };
  });
}

/** Settings alone that turn out not to be understood are no image: then the script or archive behind them is built. */
async function buildLeast(
  { spec, facts, nix }: { readonly spec: Spec; readonly facts: Facts | undefined; readonly nix: Nix },
  inputs: Inputs,
  host: Host,
): Promise<Built> {
  const least = whatToBuild(spec, facts, inputs);
  const built = await build(nix, { ...inputs, spec: least }, host);
  const whole = whatToBuild(spec, facts, { ...inputs, native: 'off' });
  if (inputs.native !== 'auto' || describeSpec(least) === describeSpec(whole)) return built;
  const settings = await findStreamSettings({ path: built.path });
  if (settings.native) return built;
  host.log.info(`The image is built as a whole: ${settings.why}.`);
  return build(nix, { ...inputs, spec: whole }, host);
}
