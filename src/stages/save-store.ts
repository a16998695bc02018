import { type Candidate, choosePaths } from '../cache/choose-paths.ts';
import { sortByReferences } from '../cache/manifest.ts';
import { writeEntry } from '../cache/write-entry.ts';
import type { Host } from '../host.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { messageOf } from '../lib/failure.ts';
import type { Built } from '../nix/build.ts';
import { readRegistrations } from '../nix/closure.ts';
import { withNixConfig } from '../nix/settings.ts';
import { findInvalidPaths, readFlakeInputs, readRequisites } from '../nix/store.ts';
import type { Nix } from '../nix/toolchain.ts';
import { formatSize } from '../report/format-size.ts';
import { nixSystem, openBackend, type StoreCache } from './restore-store.ts';

/** What the post part needs to save, as JSON between the two. */
interface SaveTask {
  readonly key: string;
  readonly directory?: string;
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

/** Notes, after a build, what of the store is to be saved under a key that is new, and leaves it for after the job. */
export async function planSave(
  cache: StoreCache,
  built: readonly Built[],
  { nix, inputs, host }: Saving,
): Promise<void> {
  const { key, matchedKey } = cache.result;
  if (key === matchedKey || !isSaveWanted(inputs, host)) return;
  try {
    const paths = await neededPaths(built, { nix, inputs, host });
    const { directory, excludeSubstitutable, maxSize } = inputs.cache;
    const task: SaveTask = {
      key,
      ...(directory === undefined ? {} : { directory }),
      excludeSubstitutable,
      ...(maxSize === undefined ? {} : { maxSize }),
      program: nix.program,
      version: nix.version,
      nixConf: inputs.nix.nixConf,
      outputs: built.map(({ path }) => path),
      paths: paths.filter(path => !cache.before.has(path)),
    };
    await (host.afterJob?.(JSON.stringify(task)) ?? saveStore(JSON.stringify(task), host));
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

async function neededPaths(built: readonly Built[], { nix, inputs, host }: Saving): Promise<string[]> {
  const needed = await readRequisites(
    nix,
    built.flatMap(({ path, drvPath }) => (drvPath === undefined ? [path] : [path, drvPath])),
  );
  const sources = await Promise.all(
    inputs.variants.map(({ spec }) =>
      spec.kind === 'path' ? [] : readFlakeInputs(nix, { ...inputs, spec }, host.directory),
    ),
  );
  return [...new Set([...needed, ...sources.flat()])].sort();
}

/** Packs what the task names, as far as it is still in the store, and saves it. */
export async function saveStore(text: string, host: Host): Promise<void> {
  const task = JSON.parse(text) as SaveTask;
  const backend = openBackend(task.directory, host);
  if (backend === undefined) return;
  const { program, version } = task;
  const nix: Nix = { program, version, env: withNixConfig(host.env, task), installed: false };
  const { paths, substitutable, evicted } = choosePaths(await readCandidates(nix, task.paths), {
    ...task,
    maxSize: task.maxSize,
  });
  report('left out, since binary caches have them', substitutable, host);
  report('left out for cache-max-size, the least useful first', evicted, host);
  if (paths.length === 0) return host.log.info('Nothing to save: this build added nothing to the store.');
  const file = `${host.temporary}/saved`;
  const size = await writeEntry(file, { system: nixSystem, paths: sortByReferences(paths) });
  if (!(await backend.save(file, task.key))) return;
  const plain = formatSize(totalSize(paths));
  host.log.info(`Saved ${paths.length} store paths, ${plain}, as ${task.key}: ${formatSize(size)}`);
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
