import { type Candidate, choosePaths } from '../cache/choose-paths.ts';
import { sortByReferences } from '../cache/manifest.ts';
import { writeEntry } from '../cache/write-entry.ts';
import type { Host } from '../host.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { messageOf } from '../lib/failure.ts';
import { copyToBinaryCache } from '../nix/binary-cache.ts';
import type { Built } from '../nix/build.ts';
import { readRegistrations } from '../nix/closure.ts';
import { withNixConfig } from '../nix/settings.ts';
import { findInvalidPaths, listValidPaths, readFlakeInputs, readRequisites } from '../nix/store.ts';
import type { Nix } from '../nix/toolchain.ts';
import { formatSize } from '../report/format-size.ts';
import { nixSystem, openBackend, type StoreCache } from './restore-store.ts';

/** What the post part needs to save, as JSON between the two. */
interface SaveTask {
  /** Undefined for a binary cache. */
  readonly key?: string;
  readonly directory?: string;
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
}

interface Saving {
  readonly nix: Nix;
  readonly inputs: Inputs;
  readonly host: Host;
}

/**
 * Notes, after a build, what of the store is to be saved under a key that is new, or in a binary cache, and leaves it for
 * after the job.
 */
export async function planSave(
  cache: StoreCache,
  built: readonly Built[],
  { nix, inputs, host }: Saving,
): Promise<void> {
  const { key, matchedKey } = cache.result ?? {};
  if ((key !== undefined && key === matchedKey) || !isSaveWanted(inputs, host)) return;
  try {
    const { directory, binaryCache, excludeSubstitutable, maxSize } = inputs.cache;
    const paths = await neededPaths(built, cache, { nix, inputs, host });
    const task: SaveTask = {
      ...(key === undefined ? {} : { key }),
      ...(directory === undefined ? {} : { directory }),
      ...(binaryCache === undefined ? {} : { url: binaryCache.url }),
      excludeSubstitutable,
      ...(maxSize === undefined ? {} : { maxSize }),
      program: nix.program,
      version: nix.version,
      nixConf: inputs.nix.nixConf,
      outputs: built.map(({ path }) => path),
      paths,
    };
    const text = JSON.stringify(task);
    // Without the key that signs: a task is a file, and the step after the job has its inputs again.
    await (host.afterJob?.(text) ?? saveStore(text, host, binaryCache?.signingKey));
  } catch (error) {
    host.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
  }
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

/** Saves what the task names, as far as it is still in the store. */
export async function saveStore(text: string, host: Host, signingKey?: string): Promise<void> {
  const task = JSON.parse(text) as SaveTask;
  const { program, version, url } = task;
  const nix: Nix = { program, version, env: withNixConfig(host.env, task), installed: false };
  const { paths, substitutable, evicted } = choosePaths(await readCandidates(nix, task.paths), {
    ...task,
    maxSize: task.maxSize,
  });
  report('left out, since binary caches have them', substitutable, host);
  report('left out for cache-max-size, the least useful first', evicted, host);
  if (paths.length === 0) return host.log.info('Nothing to save: this build added nothing to the store.');
  if (url === undefined) return saveEntry(paths, task, host);
  await copyToBinaryCache(
    paths.map(({ path }) => path),
    { url, signingKey },
    { nix, directory: host.temporary },
  );
  host.log.info(`Copied ${paths.length} store paths, ${formatSize(totalSize(paths))}, to ${url}`);
}

async function saveEntry(
  paths: readonly Candidate[],
  { key = '', directory }: Pick<SaveTask, 'key' | 'directory'>,
  host: Host,
): Promise<void> {
  const backend = openBackend(directory, host);
  if (backend === undefined) return;
  const file = `${host.temporary}/saved`;
  const size = await writeEntry(file, { system: nixSystem, paths: sortByReferences(paths) });
  if (!(await backend.save(file, key))) return;
  host.log.info(`Saved ${paths.length} store paths, ${formatSize(totalSize(paths))}, as ${key}: ${formatSize(size)}`);
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

function totalSize(paths: readonly Candidate[]): number {
  return paths.reduce((sum, { narSize }) => sum + narSize, 0);
}
