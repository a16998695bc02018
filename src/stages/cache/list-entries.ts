import { entryTypes, parseArtifact } from '../../cache/oci/artifact.ts';
import { newestFirst } from '../../cache/oci/entry-tag.ts';
import { readEntryTags } from '../../cache/oci/open-oci-store.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { messageOf } from '../../lib/failure.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import type { Repository } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { getManifest, readsAtATime } from '../../registry/content/manifests.ts';
import { listTags } from '../../registry/content/tags.ts';
import { isResultKey } from '../../results/result-key.ts';
import type { Runtime } from '../../runtime.ts';
import { openCacheAccess } from '../build/open-entries.ts';

/** An entry in a registry, as a row of a list. */
export interface ListedEntry {
  readonly tag: string;
  readonly key: string;
  /** Time of the save, RFC 3339. */
  readonly saved: string;
  /** Bytes of all its blobs; undefined if the tag names no entry. */
  readonly size?: number;
  /** Name of the key that its signature claims; not verified. */
  readonly signedBy?: string;
  /** Why the tag names no entry. */
  readonly error?: string;
}

/** Lists the entries in a repository, the newest first, and logs how many results there are. */
export async function listEntries(
  repository: Repository,
  { inputs, runtime }: { readonly inputs: Inputs; readonly runtime: Runtime },
): Promise<ListedEntry[]> {
  const access = openCacheAccess(inputs, runtime);
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  const pool = createPool(readsAtATime);
  const listed = await listTags(client);
  const tags = readEntryTags(listed).sort(newestFirst);
  const results = listed.tags.filter(isResultKey).length;
  if (results > 0) runtime.log.info(`Results of builds, which are not listed: ${results}`);
  return settleAll(
    tags.map(async ({ tag, key, time }) => ({
      ...{ tag, key, saved: new Date(time).toISOString() },
      ...(await pool(() => readSize(tag, client))),
    })),
  );
}

async function readSize(
  tag: string,
  client: RepositoryClient,
): Promise<Pick<ListedEntry, 'size' | 'signedBy' | 'error'>> {
  try {
    const entry = { artifactType: entryTypes.artifact, tag };
    const { layers, signature } = parseArtifact(await getManifest(client, tag), entry);
    const size = layers.reduce((sum, blob) => sum + blob.size, 0);
    return { size, ...(signature === undefined ? {} : { signedBy: signature.slice(0, signature.indexOf(':')) }) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
