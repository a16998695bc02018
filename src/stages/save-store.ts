import { type Candidate, type Chosen, choosePaths, totalSize } from '../cache/choose-paths.ts';
import { mostLayers, sortByReferences } from '../cache/manifest.ts';
import { writeEntry } from '../cache/write-entry.ts';
import type { Host } from '../host.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { type BinaryCache, copyToBinaryCache } from '../nix/binary-cache.ts';
import type { Built } from '../nix/build.ts';
import { readRegistrations } from '../nix/closure.ts';
import { findInvalidPaths, listValidPaths, readFlakeInputs, readRequisites } from '../nix/store.ts';
import { findNix, installedPaths, type Nix, type NixProgram } from '../nix/toolchain.ts';
import type { Descriptor } from '../oci/blob.ts';
import { formatSize } from '../report/format-size.ts';
import type { ImageResult } from '../report/result.ts';
import { nixSystem, openBackend, type StoreCache } from './restore-store.ts';
import { type BuildTask, parseSaveTask, type SaveTask } from './save-task.ts';

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
    const build: BuildTask = {
      outputs: built.map(({ path }) => path),
      paths: await neededPaths(built, cache, { nix, inputs, host }),
      toolchain: inputs.cache.binaryCache === undefined ? await installedPaths(nix) : [],
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
  return { ...(key === undefined ? {} : { key }), layers: [] };
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

async function leave(task: SaveTask, run: Run): Promise<void> {
  const text = JSON.stringify(task);
  try {
    await (run.host.afterJob?.(text) ?? saveStore(text, run));
  } catch (error) {
    run.host.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
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

/** Saves what the task names, store paths as far as they are still there. The inputs are those that the run had. */
export async function saveStore(text: string, run: Run): Promise<void> {
  const { build, ...entry } = parseSaveTask(text);
  const nix = build === undefined ? undefined : nixFor(run);
  const { paths, toolchain } = build === undefined || nix === undefined ? nothing : await chooseFor(build, nix, run);
  const { binaryCache } = run.inputs.cache;
  const isEntry = binaryCache === undefined;
  if (paths.length + toolchain.length === 0 && !(isEntry && entry.layers.length > 0)) {
    run.host.log.info('Nothing to save: this build added nothing to the store.');
  } else if (isEntry) {
    await saveEntry({ paths, toolchain }, entry, { named: build?.toolchain ?? [], run });
  } else if (nix !== undefined) {
    await copyPaths(paths, binaryCache, { nix, host: run.host });
  }
}

const nothing = { paths: [], toolchain: [] };

/** The Nix that built is found again, since a task names no programs. */
function nixFor({ inputs, host }: Run): NixProgram {
  const nix = findNix(inputs.nix, host);
  if (nix === undefined) throw new Failure('there is no Nix any more.');
  return nix;
}

async function chooseFor(
  build: BuildTask,
  nix: NixProgram,
  { inputs: { cache }, host }: Run,
): Promise<Pick<Chosen, 'paths' | 'toolchain'>> {
  const held = await readCandidates(nix, [...(await readRequisites(nix, build.toolchain))]);
  const { excludeSubstitutable, maxSize } = cache;
  const choice = { outputs: build.outputs, excludeSubstitutable, maxSize, toolchain: held };
  const { paths, substitutable, evicted, toolchain } = choosePaths(await readCandidates(nix, build.paths), choice);
  report('left out, since binary caches have them', substitutable, host);
  report('left out for cache-max-size: Nix itself', toolchain.length === 0 ? held : [], host);
  report('left out for cache-max-size, the least useful first', evicted, host);
  return { paths, toolchain };
}

async function copyPaths(
  paths: readonly Candidate[],
  binaryCache: BinaryCache,
  { nix, host }: { readonly nix: NixProgram; readonly host: Host },
): Promise<void> {
  const { url } = binaryCache;
  const copied = await copyToBinaryCache(
    paths.map(({ path }) => path),
    binaryCache,
    { nix, directory: host.temporary },
  );
  host.log.info(
    copied.size === 0 ? `Nothing to copy: ${url} has it all.` : `Copied ${copied.size} store paths to ${url}`,
  );
}

async function saveEntry(
  { paths, toolchain }: Pick<Chosen, 'paths' | 'toolchain'>,
  { key = '', layers }: SaveTask,
  { named, run: { inputs, host } }: { readonly named: readonly string[]; readonly run: Run },
): Promise<void> {
  const backend = openBackend(inputs.cache.directory, host);
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
async function readCandidates(nix: NixProgram, paths: readonly string[]): Promise<Candidate[]> {
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
