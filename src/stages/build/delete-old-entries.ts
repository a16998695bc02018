import { isArtifact } from '../../cache/oci/artifact.ts';
import { buildOf, type Keep, oldEntries } from '../../cache/oci/old-entries.ts';
import { readEntryTags } from '../../cache/oci/open-oci-store.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { messageOf } from '../../lib/failure.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import type { Repository } from '../../oci/reference.ts';
import type { RegistryAccess } from '../../registry/access/client.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { findManifest, readsAtATime } from '../../registry/content/manifests.ts';
import { listTags } from '../../registry/content/tags.ts';
import { type Deletions, deleteTags, deleteWithManifests } from '../../registry/delete/delete-tags.ts';
import { readSavedResult } from '../../results/oci-results.ts';
import { isResultKey } from '../../results/result-key.ts';
import type { Runtime } from '../../runtime.ts';
import { openTagStore } from '../open/open-tag-store.ts';
import { openCacheAccess } from './open-entries.ts';

interface Context {
  readonly runtime: Runtime;
  readonly access: RegistryAccess;
  readonly dryRun: boolean;
}

/** Deletes after a save what `cache-keep` does not cover, as `body` does it. What was saved is good without that. */
export async function deleteAfterSave(
  { inputs, runtime }: { readonly inputs: Inputs; readonly runtime: Runtime },
  body: (repository: Repository, keep: Keep, context: Context) => Promise<Deletions>,
): Promise<void> {
  const { keep, registry } = inputs.cache;
  if (keep === undefined || registry === undefined) return;
  try {
    const access = openCacheAccess(inputs, runtime);
    await body(registry.repository, keep, { runtime, access, dryRun: false });
  } catch (error) {
    runtime.log.warning(`Cannot delete old entries of the store cache: ${messageOf(error)}`);
  }
}

/** Deletes the entries and the results of a repository that `keep` does not cover. */
export async function deleteOld(repository: Repository, keep: Keep, context: Context): Promise<Deletions> {
  const entries = await deleteOldEntries(repository, keep, context);
  const results = await deleteOldResults(repository, keep, context);
  return { deleted: [...entries.deleted, ...results.deleted], kept: [...entries.kept, ...results.kept] };
}

/** Deletes the entries of a repository that `keep` does not cover, and nothing that other tags use. */
async function deleteOldEntries(
  repository: Repository,
  keep: Keep,
  { runtime, access, dryRun }: Context,
): Promise<Deletions> {
  const { client, tagStore } = await openTagStore(repository, { runtime, access });
  const tags = oldEntries(readEntryTags(await listTags(client)), keep, runtime.now()).map(({ tag }) => tag);
  const old = await onlyEntries(tags, client);
  if (old.length === 0) return { deleted: [], kept: [] };
  return deleteTags(old, { client, tagStore, dryRun, log: runtime.log });
}

/** A build saves a result for its commit and one for its derivations. */
const resultsPerBuild = 2;

/**
 * Deletes the results that `keep` does not cover, of one build if `build` is given, as `buildOf` has it. Only the manifest of a
 * result has its time; it also names its tag, so no other tag uses it.
 */
export async function deleteOldResults(
  repository: Repository,
  keep: Keep,
  { runtime, access, dryRun, build }: Context & { readonly build?: string },
): Promise<Deletions> {
  const { client, tagStore } = await openTagStore(repository, { runtime, access });
  const pool = createPool(readsAtATime);
  const listed = (await listTags(client)).tags.filter(isResultKey);
  const tags = listed.filter(tag => build === undefined || buildOf(tag) === build);
  const read = async (tag: string) => (await readSavedResult(client, tag)) ?? [];
  const results = await settleAll(tags.map(tag => pool(() => read(tag))));
  const ofResults = keep.count === undefined ? keep : { ...keep, count: keep.count * resultsPerBuild };
  const old = oldEntries(results.flat(), ofResults, runtime.now());
  const digests = new Map(old.map(({ tag, digest }) => [tag, digest]));
  return deleteWithManifests(digests, { client, tagStore, dryRun, log: runtime.log });
}

/** An image may have a tag that looks like one of an entry. */
async function onlyEntries(tags: readonly string[], client: RepositoryClient): Promise<string[]> {
  const pool = createPool(readsAtATime);
  const isEntry = async (tag: string) => {
    const stored = await findManifest(client, tag);
    return stored !== undefined && isArtifact(stored.bytes);
  };
  const found = await settleAll(tags.map(tag => pool(async () => ((await isEntry(tag)) ? [tag] : []))));
  return found.flat();
}
