import { type Candidate, type Chosen, choosePaths, totalSize } from '../../cache/choose-paths.ts';
import type { EntryStore, SavedEntry } from '../../cache/entry-store.ts';
import { sortByReferences } from '../../cache/manifest.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { formatSize } from '../../lib/format-size.ts';
import { withoutLogins } from '../../lib/http/url-login.ts';
import { type BinaryCache, copyToBinaryCache } from '../../nix/binary-cache.ts';
import type { Built } from '../../nix/build.ts';
import { readRegistrations } from '../../nix/closure.ts';
import { findInvalidPaths, listValidPaths, readFlakeInputs, readRequisites } from '../../nix/store.ts';
import { nixSystem } from '../../nix/system.ts';
import { findNix, installedPaths, type Nix, type NixProgram } from '../../nix/toolchain.ts';
import type { Runtime } from '../../runtime.ts';
import type { BuiltImage } from './built-images.ts';
import { deleteAfterSave, deleteOld } from './delete-old-entries.ts';
import { addJobNotes, readJobNotes } from './job-notes.ts';
import { openEntries } from './open-entries.ts';
import type { StoreCache } from './restore-store.ts';
import type { BuildTask, SaveTask } from './save-task.ts';

interface Run {
  readonly inputs: Inputs;
  readonly runtime: Runtime;
}

interface Saving extends Run {
  readonly nix: Nix;
}

/** What was built. An output that was not downloaded is not saved. */
type SavedBuild = Built & Pick<BuiltImage, 'passedOn'>;

/**
 * Determines after a build which store paths to save under a new key or in a binary cache; undefined if there is
 * nothing to save.
 */
export async function planSave(
  cache: StoreCache,
  built: readonly SavedBuild[],
  { nix, inputs, runtime }: Saving,
): Promise<SaveTask | undefined> {
  const task = planSaveOfLayers(cache, { inputs, runtime });
  if (task === undefined) return undefined;
  try {
    const roots = await rootsOf(built, task, runtime);
    const build: BuildTask = {
      outputs: roots.filter(path => !path.endsWith('.drv')),
      paths: await neededPaths(roots, cache, { nix, inputs, runtime }),
      toolchain: inputs.cache.binaryCache === undefined ? await installedPaths(nix) : [],
    };
    return { ...task, build };
  } catch (error) {
    runtime.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
    return undefined;
  }
}

/** Outputs and derivations that this job built for the key of the task; records those of this run for later uses. */
async function rootsOf(built: readonly SavedBuild[], { key }: SaveTask, runtime: Runtime): Promise<string[]> {
  const own = built.flatMap(({ path, drvPath, passedOn }) => [
    ...(passedOn === undefined ? [path] : []),
    ...(drvPath === undefined ? [] : [drvPath]),
  ]);
  if (key === undefined) return [...new Set(own)];
  const roots = [...new Set([...((await readJobNotes(runtime)).built[key] ?? []), ...own])];
  await addJobNotes(runtime, { built: { [key]: roots } });
  return roots;
}

/** The same without a build: an entry with layers only. */
export function planSaveOfLayers({ result }: StoreCache, { inputs, runtime }: Run): SaveTask | undefined {
  const { key, matchedKey } = result ?? {};
  if ((key !== undefined && key === matchedKey) || !isSaveWanted(inputs, runtime)) return undefined;
  const base = matchedKey === undefined ? {} : { base: matchedKey };
  return { ...(key === undefined ? {} : { key, ...base }), layers: [] };
}

function isSaveWanted(inputs: Inputs, runtime: Runtime): boolean {
  const { registry } = inputs.cache;
  if (lacksSigningKey(inputs)) {
    runtime.log.info(
      'Not saving: with trusted-public-keys no run accepts an unsigned entry, and cache-signing-key is not set.',
    );
    return false;
  }
  const may = maySave(inputs, runtime);
  if (!may && maySave(inputs, { context: { isTrusted: true } })) {
    runtime.log.info(
      registry === undefined
        ? 'Not saving: this run is neither for the default branch nor for a pull request from the repository itself.'
        : 'Not saving: this run is not for the default branch, and a registry does not separate entries by branch.',
    );
  }
  return may;
}

/** Whether no run would accept what this one saves in a registry. */
function lacksSigningKey({ cache: { registry }, nix }: Inputs): boolean {
  return registry !== undefined && registry.signingKey === undefined && nix.trustedPublicKeys.length > 0;
}

/** Whether the run may write what later runs read. */
export function maySave(inputs: Inputs, { context }: Pick<Runtime, 'context'>): boolean {
  const { cache } = inputs;
  if (cache.use === 'restore' || cache.save === 'never' || lacksSigningKey(inputs)) return false;
  // Every run reads what is in a registry.
  const isForOthers = cache.registry !== undefined && context.pullRequest !== undefined;
  return cache.save === 'always' || (context.isTrusted === true && !isForOthers);
}

/**
 * New store paths that the next run can use: the roots with all their inputs and outputs, the sources of flakes, and
 * the outputs of other derivations that evaluations wrote, as import from derivation does.
 */
async function neededPaths(
  roots: readonly string[],
  { before }: StoreCache,
  { nix, inputs, runtime }: Saving,
): Promise<string[]> {
  const valid = await listValidPaths(nix);
  const written = [...valid].filter(path => path.endsWith('.drv') && !before.has(path));
  const needed = await readRequisites(nix, [...new Set([...roots.filter(path => valid.has(path)), ...written])]);
  const sources = await Promise.all(
    inputs.builds.map(({ source }) =>
      source.kind === 'path' ? [] : readFlakeInputs(nix, { ...inputs, target: source }, runtime.directory),
    ),
  );
  return [...new Set([...needed, ...sources.flat()])].filter(path => !before.has(path)).sort();
}

/** Saves what the task names, as far as the store paths still exist. The inputs are those of the main step. */
export async function saveStore({ build, ...entry }: SaveTask, run: Run): Promise<void> {
  const { runtime, inputs } = run;
  const { binaryCache } = inputs.cache;
  const entries = openEntries(inputs, runtime);
  if (entries !== undefined && entry.key !== undefined && (await entries.find(entry.key, [])) === entry.key) {
    runtime.log.info(`Nothing to save: another step or job already saved the entry ${entry.key}.`);
    return;
  }
  const added = (build?.paths.length ?? 0) + (build?.toolchain.length ?? 0);
  if (added === 0 && (entries === undefined || entry.layers.length === 0)) {
    runtime.log.info('Nothing to save: this build added nothing to the store.');
    return;
  }
  const nix = build === undefined ? undefined : nixFor(run);
  const chosen = build === undefined || nix === undefined ? nothing : await chooseFor(build, nix, run);
  if (chosen === undefined) return;
  if (chosen.paths.length + chosen.toolchain.length === 0 && !(entries !== undefined && entry.layers.length > 0)) {
    runtime.log.info('Nothing to save: this build added nothing to the store.');
  } else if (entries !== undefined) {
    const saved = await saveEntry(chosen, entry, { build, entries, runtime });
    if (saved === undefined) return;
    await deleteAfterSave(run, (repository, keep, context) =>
      deleteOld(repository, keep, { ...context, saved: saved.tag }),
    );
  } else if (nix !== undefined && binaryCache !== undefined) {
    await copyPaths(chosen.paths, binaryCache, { nix, runtime });
  }
}

const nothing = { paths: [], toolchain: [] };

/** The Nix that built is found again, since a task names no programs. */
function nixFor({ inputs, runtime }: Run): NixProgram {
  const nix = findNix(inputs.nix, runtime);
  if (nix === undefined) throw new Failure('Nix is no longer installed.');
  return nix;
}

/**
 * Chooses what to save of a build: everything that the job added and everything it refers to, so that an empty store
 * can be restored. Undefined, with the reason in the log, if outputs would be missing.
 */
async function chooseFor(
  build: BuildTask,
  nix: NixProgram,
  { inputs: { cache }, runtime }: Run,
): Promise<Pick<Chosen, 'paths' | 'toolchain'> | undefined> {
  const listed = [...new Set([...build.outputs, ...build.paths])];
  const invalid = await findInvalidPaths(nix, listed);
  const gone = build.outputs.find(path => invalid.has(path));
  if (gone !== undefined) {
    runtime.log.info(`Not saving: the output ${gone} is no longer in the store.`);
    return undefined;
  }
  const left = listed.filter(path => !invalid.has(path));
  const closure = await readRequisites(
    nix,
    left.filter(path => !path.endsWith('.drv')),
  );
  const candidates = await readCandidates(nix, [...new Set([...closure, ...left])]);
  const held = await readCandidates(nix, [...(await readRequisites(nix, build.toolchain))]);
  const { excludeSubstitutable, maxSize } = cache;
  const choice = { outputs: build.outputs, excludeSubstitutable, maxSize, toolchain: held };
  const { paths, substitutable, evicted, toolchain } = choosePaths(candidates, choice);
  report('left out because binary caches have them', substitutable, runtime);
  report('left out for cache-max-size: Nix itself', toolchain.length === 0 ? held : [], runtime);
  report('left out for cache-max-size, the least useful first', evicted, runtime);
  const lost = evicted.find(({ path, isSubstitutable }) => build.outputs.includes(path) && !isSubstitutable);
  if (lost === undefined) return { paths, toolchain };
  runtime.log.warning(`Not saving the store cache: cache-max-size leaves no room for the output ${lost.path}.`);
  return undefined;
}

async function copyPaths(
  paths: readonly Candidate[],
  binaryCache: BinaryCache,
  { nix, runtime }: { readonly nix: NixProgram; readonly runtime: Runtime },
): Promise<void> {
  const url = withoutLogins(binaryCache.url);
  const copied = await copyToBinaryCache(
    paths.map(({ path }) => path),
    binaryCache,
    { nix, directory: runtime.temporary },
  );
  runtime.log.info(
    copied.size === 0
      ? `Nothing to copy: ${url} already has everything.`
      : `Copied ${copied.size} store paths to ${url}`,
  );
}

interface Saved {
  readonly build: BuildTask | undefined;
  readonly entries: EntryStore;
  readonly runtime: Runtime;
}

async function saveEntry(
  { paths, toolchain }: Pick<Chosen, 'paths' | 'toolchain'>,
  { key = '', base, layers }: SaveTask,
  { build, entries, runtime }: Saved,
): Promise<SavedEntry | undefined> {
  const held = new Map([...toolchain, ...paths].map(path => [path.path, path]));
  const all = [...held.values()];
  const manifest = {
    system: nixSystem,
    paths: sortByReferences(all),
    layers,
    outputs: (build?.outputs ?? []).filter(path => held.has(path)),
    toolchain: toolchain.length === 0 ? [] : (build?.toolchain ?? []),
  };
  const saved = await entries.save(manifest, key, base);
  if (saved === undefined) return undefined;
  const nix = toolchain.length === 0 ? '' : ', including Nix itself';
  const description = `${all.length} store paths, ${formatSize(totalSize(all))}${nix}, and the digests of ${layers.length} layers`;
  runtime.log.info(
    `Saved ${description}, as ${key}: ${formatSize(saved.size)}, of which ${formatSize(saved.sent)} sent`,
  );
  return saved;
}

/** Leaves out derivations that nothing else refers to: the next evaluation writes them again. */
async function readCandidates(nix: NixProgram, paths: readonly string[]): Promise<Candidate[]> {
  const registered = await readRegistrations(nix, paths);
  const kept = new Set([...registered.keys()].filter(path => !path.endsWith('.drv')));
  for (const path of kept) {
    for (const reference of registered.get(path)?.references ?? []) if (registered.has(reference)) kept.add(reference);
  }
  return [...registered].filter(([path]) => kept.has(path)).map(([path, facts]) => ({ path, ...facts }));
}

const longestList = 10;

function report(why: string, paths: readonly Candidate[], { log }: Runtime): void {
  if (paths.length === 0) return;
  const shown = paths.slice(0, longestList).map(({ path, narSize }) => `  ${path}  ${formatSize(narSize)}`);
  const more = paths.length > longestList ? [`  and ${paths.length - longestList} more`] : [];
  log.info([`${paths.length} store paths, ${formatSize(totalSize(paths))}, ${why}:`, ...shown, ...more].join('\n'));
}
