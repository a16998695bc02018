import { isArtifact } from '../../cache/oci/artifact.ts';
import type { Keep } from '../../cache/oci/old-entries.ts';
import { oldEntries } from '../../cache/oci/old-entries.ts';
import { readEntryTags } from '../../cache/oci/open-oci-store.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import type { Repository } from '../../oci/reference.ts';
import type { RegistryAccess } from '../../registry/access/client.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { findManifest, readsAtATime } from '../../registry/content/manifests.ts';
import { listTags } from '../../registry/content/tags.ts';
import { type Deletions, deleteTags } from '../../registry/delete/delete-tags.ts';
import type { Runtime } from '../../runtime.ts';
import { openTagStore } from '../open/open-tag-store.ts';

interface Context {
  readonly runtime: Runtime;
  readonly access: RegistryAccess;
  readonly dryRun: boolean;
}

/** Deletes the entries of a repository that `keep` does not cover, and nothing that other tags use. */
export async function deleteOldEntries(
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
