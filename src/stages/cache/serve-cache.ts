import { type EntryTag, newestFirst } from '../../cache/oci/entry-tag.ts';
import { buildOf } from '../../cache/oci/old-entries.ts';
import { readEntryTags, trustedKeysOf } from '../../cache/oci/open-oci-store.ts';
import { type OciEntry, readOciEntry } from '../../cache/oci/read-oci-entry.ts';
import { serveEntries } from '../../cache/serve/serve-entries.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import { listTags } from '../../registry/content/tags.ts';
import type { Runtime } from '../../runtime.ts';
import { openCacheAccess } from '../build/open-entries.ts';

/** Most entries that are served: further ones would only add older versions. */
const mostEntries = 100;

/** Serves the newest entry of each build in a repository as a binary cache on loopback, until the run is cancelled. */
export async function serveCache(
  repository: Repository,
  { inputs, runtime, port }: { readonly inputs: Inputs; readonly runtime: Runtime; readonly port: number },
): Promise<void> {
  const { log, cancelled, temporary: directory } = runtime;
  const access = openCacheAccess(inputs, runtime);
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  const trustedKeys = trustedKeysOf(inputs.nix.trustedPublicKeys, inputs.cache.registry?.signingKey);
  const entries: OciEntry[] = [];
  for (const { tag } of newestOfEachBuild(readEntryTags(await listTags(client)))) {
    try {
      const entry = await readOciEntry(tag, { client, directory, trustedKeys });
      if (entry !== undefined) entries.push(entry);
    } catch (error) {
      log.warning(`Not serving the entry ${tag}: ${messageOf(error)}`);
    }
  }
  if (entries.length === 0)
    throw new Failure(`Cannot serve ${formatRepository(repository)}: it has no usable entries.`);
  const server = await serveEntries(entries, { port, log });
  log.notice(`Serving ${server.paths} store paths of ${entries.length} entries at ${server.url}`);
  if (!cancelled.aborted) await new Promise(resolve => cancelled.addEventListener('abort', resolve, { once: true }));
  await server.close();
}

function newestOfEachBuild(tags: readonly EntryTag[]): EntryTag[] {
  const newest = new Map<string, EntryTag>();
  for (const tag of tags.toSorted(newestFirst)) {
    const build = buildOf(tag.key);
    if (!newest.has(build)) newest.set(build, tag);
  }
  return [...newest.values()].slice(0, mostEntries);
}
