import { entryTypes, isArtifact, parseArtifact } from '../../cache/oci/artifact.ts';
import { buildOf, type Keep, oldEntries } from '../../cache/oci/old-entries.ts';
import { readEntryTags } from '../../cache/oci/open-oci-store.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
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
  /** Tag of the entry that was just saved, which stays: by the clock of another machine, others may be newer. */
  readonly saved?: string | undefined;
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

/**
 * Deletes the entries of a repository that `keep` does not cover. The manifest of an entry names its tag, so no other
 * tag uses it. Copies under other tags and damaged entries are deleted as images are, with a look at all other tags.
 */
async function deleteOldEntries(
  repository: Repository,
  keep: Keep,
  { runtime, access, dryRun, saved }: Context,
): Promise<Deletions> {
  const { client, tagStore } = await openTagStore(repository, { runtime, access });
  const old = oldEntries(readEntryTags(await listTags(client)), keep, runtime.now());
  const tags = old.flatMap(({ tag }) => (tag === saved ? [] : [tag]));
  const { entries, others } = await readOld(tags, client);
  const options = { client, tagStore, dryRun, log: runtime.log };
  const [own, rest] = [
    await deleteWithManifests(entries, options),
    others.length === 0 ? undefined : await deleteTags(others, options),
  ];
  return { deleted: [...own.deleted, ...(rest?.deleted ?? [])], kept: [...own.kept, ...(rest?.kept ?? [])] };
}

/** A build saves a result for its commit and one for its derivations. */
const resultsPerBuild = 2;

/**
 * Deletes the results that `keep` does not cover, of one build if `build` is given, as `buildOf` has it. Only the
 * manifest of a result has its time; it also names its tag, so no other tag uses it.
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

interface OldEntries {
  /** Entries of the tags that name them. */
  readonly entries: ReadonlyMap<string, Digest>;
  /** Tags of what claims to be an entry with store paths. */
  readonly others: readonly string[];
}

/** Reads the manifests of tags that look like those of entries. An image may have such a tag too. */
async function readOld(tags: readonly string[], client: RepositoryClient): Promise<OldEntries> {
  const pool = createPool(readsAtATime);
  const entries = new Map<string, Digest>();
  const others: string[] = [];
  const read = async (tag: string) => {
    const stored = await findManifest(client, tag);
    if (stored === undefined || !isArtifact(stored.bytes)) return;
    if (namesTag(stored.bytes, tag)) entries.set(tag, digestOf(stored.bytes));
    else others.push(tag);
  };
  await settleAll(tags.map(tag => pool(() => read(tag))));
  return { entries, others: others.sort() };
}

function namesTag(bytes: Buffer, tag: string): boolean {
  try {
    parseArtifact(bytes, { artifactType: entryTypes.artifact, tag });
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
