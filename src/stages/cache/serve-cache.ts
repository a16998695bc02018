import { type EntryTag, newestFirst } from '../../cache/oci/entry-tag.ts';
import { buildOf } from '../../cache/oci/old-entries.ts';
import { readEntryTags } from '../../cache/oci/open-oci-store.ts';
import { type OciEntry, readOciEntry } from '../../cache/oci/read-oci-entry.ts';
import { serveEntries } from '../../cache/serve/serve-entries.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import { listTags } from '../../registry/content/tags.ts';
import type { Runtime } from '../../runtime.ts';
import { openReading } from './open-reading.ts';

/** Most entries that are served: further ones would only add older versions. */
const mostEntries = 100;

/** Serves the newest entry of each build in a repository as a binary cache on loopback, until the run is cancelled. */
export async function serveCache(
  repository: Repository,
  { inputs, runtime, port }: { readonly inputs: Inputs; readonly runtime: Runtime; readonly port: number },
): Promise<void> {
  const { log, cancelled } = runtime;
  const reading = await openReading(repository, { inputs, runtime });
  const entries: OciEntry[] = [];
  for (const { tag } of newestOfEachBuild(readEntryTags(await listTags(reading.client)))) {
    try {
      const entry = await readOciEntry(tag, reading);
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
