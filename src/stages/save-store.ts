import { type Candidate, type Chosen, choosePaths, totalSize } from '../cache/choose-paths.ts';
import { mostLayers, sortByReferences } from '../cache/manifest.ts';
import { writeEntry } from '../cache/write-entry.ts';
import type { Host } from '../host.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { messageOf } from '../lib/failure.ts';
import { copyToBinaryCache } from '../nix/binary-cache.ts';
import type { Built } from '../nix/build.ts';
import { readRegistrations } from '../nix/closure.ts';
import { withNixConfig } from '../nix/settings.ts';
import { findInvalidPaths, listValidPaths, readFlakeInputs, readRequisites } from '../nix/store.ts';
import { installedPaths, type Nix } from '../nix/toolchain.ts';
import type { Descriptor } from '../oci/blob.ts';
import { formatSize } from '../report/format-size.ts';
import type { ImageResult } from '../report/result.ts';
import { nixSystem, openBackend, type StoreCache } from './restore-store.ts';

/** What is to be saved for later runs, as JSON between the main and the post part. */
export interface SaveTask {
  /** Undefined for a binary cache. */
  readonly key?: string;
  readonly directory?: string;
  /** Undefined where nothing was built. */
  readonly build?: BuildTask;
  /** Blobs that the run is certain of, with their facts. */
  readonly layers: readonly Descriptor[];
}

interface BuildTask {
  /** URL of a binary cache, instead of an entry under the key. */
  readonly url?: string;
  readonly excludeSubstitutable: boolean;
  readonly maxSize?: number;
  readonly program: string;
  readonly version: string;
  readonly nixConf: readonly string[];
  readonly outputs: readonly string[];
  /** Store paths that the build needed or made, and that were not there before. */
  readonly paths: readonly string[];
  /** Store paths of the Nix that the run installed and of its certificates, if that is to be saved too. */
  readonly toolchain: readonly string[];
}

interface Run {
  readonly inputs: Inputs;
  readonly host: Host;
}

interface Saving extends Run {
  readonly nix: Nix;
}

/**
 * Notes, after a build, what of the store is to be saved under a key that is new, or in a binary cache. Undefined where
 * nothing is.
 */
export async function planSave(
  cache: StoreCache,
  built: readonly Built[],
  { nix, inputs, host }: Saving,
): Promise<SaveTask | undefined> {
  const task = planSaveOfLayers(cache, { inputs, host });
  if (task === undefined) return undefined;
  try {
    const { binaryCache, excludeSubstitutable, maxSize } = inputs.cache;
    const paths = await neededPaths(built, cache, { nix, inputs, host });
    const build: BuildTask = {
      ...(binaryCache === undefined ? {} : { url: binaryCache.url }),
      excludeSubstitutable,
      ...(maxSize === undefined ? {} : { maxSize }),
      program: nix.program,
      version: nix.version,
      nixConf: inputs.nix.nixConf,
      outputs: built.map(({ path }) => path),
      paths,
      toolchain: binaryCache === undefined ? await installedPaths(nix) : [],
    };
    return { ...task, build };
  } catch (error) {
    host.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
    return undefined;
  }
}

/** The same where nothing is built: an entry of layers alone. */
export function planSaveOfLayers({ result }: StoreCache, { inputs, host }: Run): SaveTask | undefined {
  const { key, matchedKey } = result ?? {};
  if ((key !== undefined && key === matchedKey) || !isSaveWanted(inputs, host)) return undefined;
  const { directory } = inputs.cache;
  return { ...(key === undefined ? {} : { key }), ...(directory === undefined ? {} : { directory }), layers: [] };
}

/**
 * Does what there is to do with a build, and has the task done then: after the job where that is possible, with the layers
 * that turned out to be certain. The build is saved also when `publish` fails, or is cancelled before the job ends.
 */
export async function savingStore<Images extends readonly ImageResult[]>(
  task: SaveTask | undefined,
  run: Run,
  publish: () => Promise<Images>,
): Promise<Images> {
  if (task === undefined) return publish();
  if (run.host.afterJob !== undefined) await leave(task, run);
  try {
    const images = await publish();
    await leave({ ...task, layers: certainLayers(images) }, run);
    return images;
  } catch (error) {
    if (run.host.afterJob === undefined) await leave(task, run);
    throw error;
  }
}

/** Without the key that signs: a task is a file, and the step after the job has its inputs again. */
async function leave(task: SaveTask, { inputs, host }: Run): Promise<void> {
  const text = JSON.stringify(task);
  try {
    await (host.afterJob?.(text) ?? saveStore(text, host, inputs.cache.binaryCache?.signingKey));
  } catch (error) {
    host.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
  }
}

/** Each once, with the facts that it tells of itself in the manifest. */
function certainLayers(images: readonly ImageResult[]): Descriptor[] {
  const layers = images.flatMap(({ variants }) => variants.flatMap(variant => variant.layers));
  const certain = layers.filter(({ isCertain }) => isCertain).map(({ descriptor }) => descriptor);
  return [...new Map(certain.map(descriptor => [JSON.stringify(descriptor), descriptor])).values()].slice(
    0,
    mostLayers,
  );
}

function isSaveWanted({ cache }: Inputs, { context, log }: Host): boolean {
  if (cache.use === 'restore' || cache.save === 'never') return false;
  if (cache.save === 'always' || context.isTrusted === true) return true;
  log.info('Nothing is saved: this run is neither for the default branch nor for a pull request from the repository.');
  return false;
}

/**
 * What was not there before and is of use to the next run: the outputs with all that they needed and gave, the sources of
 * flakes, and what was realised of any other derivation that the evaluation wrote, as import from derivation does.
 */
async function neededPaths(
  built: readonly Built[],
  { before }: StoreCache,
  { nix, inputs, host }: Saving,
): Promise<string[]> {
  const written = [...(await listValidPaths(nix))].filter(path => path.endsWith('.drv') && !before.has(path));
  const outputs = built.flatMap(({ path, drvPath }) => (drvPath === undefined ? [path] : [path, drvPath]));
  const needed = await readRequisites(nix, [...new Set([...outputs, ...written])]);
  const sources = await Promise.all(
    inputs.variants.map(({ spec }) =>
      spec.kind === 'path' ? [] : readFlakeInputs(nix, { ...inputs, spec }, host.directory),
    ),
  );
  return [...new Set([...needed, ...sources.flat()])].filter(path => !before.has(path)).sort();
}

/** Saves what the task names, store paths as far as they are still there. */
export async function saveStore(text: string, host: Host, signingKey?: string): Promise<void> {
  const { build, ...entry } = JSON.parse(text) as SaveTask;
  const chosen = build === undefined ? { paths: [], toolchain: [] } : await chooseFor(build, host);
  const { paths } = chosen;
  const isEntry = build?.url === undefined;
  if (paths.length + chosen.toolchain.length === 0 && !(isEntry && entry.layers.length > 0)) {
    host.log.info('Nothing to save: this build added nothing to the store.');
  } else if (isEntry) {
    await saveEntry(chosen, entry, { named: build?.toolchain ?? [], host });
  } else {
    await copyPaths(paths, build, { host, signingKey });
  }
}

async function chooseFor(build: BuildTask, host: Host): Promise<Pick<Chosen, 'paths' | 'toolchain'>> {
  const nix = nixOf(build, host);
  const held = await readCandidates(nix, [...(await readRequisites(nix, build.toolchain))]);
  const choice = { ...build, maxSize: build.maxSize, toolchain: held };
  const { paths, substitutable, evicted, toolchain } = choosePaths(await readCandidates(nix, build.paths), choice);
  report('left out, since binary caches have them', substitutable, host);
  report('left out for cache-max-size: Nix itself', toolchain.length === 0 ? held : [], host);
  report('left out for cache-max-size, the least useful first', evicted, host);
  return { paths, toolchain };
}

function nixOf(build: BuildTask, { env }: Host): Nix {
  const { program, version } = build;
  return { program, version, env: withNixConfig(env, build), installed: false };
}

async function copyPaths(
  paths: readonly Candidate[],
  build: BuildTask,
  { host, signingKey }: { readonly host: Host; readonly signingKey: string | undefined },
): Promise<void> {
  const { url = '' } = build;
  const copied = await copyToBinaryCache(
    paths.map(({ path }) => path),
    { url, signingKey },
    { nix: nixOf(build, host), directory: host.temporary },
  );
  host.log.info(
    copied.size === 0 ? `Nothing to copy: ${url} has it all.` : `Copied ${copied.size} store paths to ${url}`,
  );
}

async function saveEntry(
  { paths, toolchain }: Pick<Chosen, 'paths' | 'toolchain'>,
  { key = '', directory, layers }: SaveTask,
  { named, host }: { readonly named: readonly string[]; readonly host: Host },
): Promise<void> {
  const backend = openBackend(directory, host);
  if (backend === undefined) return;
  const file = `${host.temporary}/saved`;
  const all = [...toolchain, ...paths];
  const size = await writeEntry(file, {
    system: nixSystem,
    paths: sortByReferences(all),
    layers,
    toolchain: toolchain.length === 0 ? [] : named,
  });
  if (!(await backend.save(file, key))) return;
  const nix = toolchain.length === 0 ? '' : ', Nix itself among them';
  const what = `${all.length} store paths, ${formatSize(totalSize(all))}${nix}, and what is known of ${layers.length} layers`;
  host.log.info(`Saved ${what}, as ${key}: ${formatSize(size)}`);
}

/** Derivations are left out where nothing else refers to them: the next evaluation writes them again. */
async function readCandidates(nix: Nix, paths: readonly string[]): Promise<Candidate[]> {
  const invalid = await findInvalidPaths(nix, paths);
  const registered = await readRegistrations(
    nix,
    paths.filter(path => !invalid.has(path)),
  );
  const kept = new Set([...registered.keys()].filter(path => !path.endsWith('.drv')));
  for (const path of kept) {
    for (const reference of registered.get(path)?.references ?? []) if (registered.has(reference)) kept.add(reference);
  }
  return [...registered].filter(([path]) => kept.has(path)).map(([path, facts]) => ({ path, ...facts }));
}

const longestList = 10;

function report(why: string, paths: readonly Candidate[], { log }: Host): void {
  if (paths.length === 0) return;
  const shown = paths.slice(0, longestList).map(({ path, narSize }) => `  ${path}  ${formatSize(narSize)}`);
  const more = paths.length > longestList ? [`  and ${paths.length - longestList} more`] : [];
  log.info([`${paths.length} store paths, ${formatSize(totalSize(paths))}, ${why}:`, ...shown, ...more].join('\n'));
}
