import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Failure, messageOf } from '../../lib/failure.ts';
import { createPool, inBackground, settleAll, untilFailure } from '../../lib/pool.ts';
import type { Descriptor } from '../../oci/blob.ts';
import { hexOf } from '../../oci/digest.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { RegistryError } from '../../registry/access/registry-error.ts';
import { downloadBlob, WrongContent } from '../../registry/content/download-blob.ts';
import { findManifest } from '../../registry/content/manifests.ts';
import { type EntryPath, largestManifest, parseEntryManifest } from '../manifest.ts';
import {
  DamagedEntry,
  type Entry,
  type EntryPart,
  findParts,
  readManifestFile,
  withDamageReported,
} from '../read-entry.ts';
import { requireSpace } from '../restore-entry.ts';
import { entryTypes, parseArtifact, requireSignature } from './artifact.ts';
import { groupByName } from './group-by-name.ts';

/** Options for reading entries from a repository. */
export interface OciReading {
  readonly client: RepositoryClient;
  /** Directory for downloaded files, which stay there. */
  readonly directory: string;
  /** Public keys, `NAME:BASE64`, one of which must have signed an entry; empty if entries need no signature. */
  readonly trustedKeys: readonly string[];
}

/** A group of paths, and the blob with their NARs. */
export interface Group {
  readonly paths: readonly EntryPath[];
  readonly descriptor: Descriptor;
}

/** An entry in a registry. */
export interface OciEntry extends Entry {
  readonly groups: readonly Group[];
}

/** Number of concurrent downloads. */
const downloadsAtATime = 8;

/**
 * Opens the entry of a tag: reads its list of paths, but no NARs. Undefined if the tag does not exist. A DamagedEntry
 * if the tag names something else than an entry of this tag, or if the entry is incomplete or not signed by a trusted
 * key.
 */
export async function readOciEntry(tag: string, reading: OciReading): Promise<OciEntry | undefined> {
  const { client, directory, trustedKeys } = reading;
  const stored = await findManifest(client, tag);
  if (stored === undefined) return undefined;
  const artifact = withDamageReported(() => {
    const parsed = parseArtifact(stored.bytes, { artifactType: entryTypes.artifact, tag });
    if (trustedKeys.length > 0) requireSignature(parsed, trustedKeys);
    return parsed;
  });
  const [index, ...blobs] = artifact.layers;
  if (index.size > largestManifest) throw new DamagedEntry(`its list of paths has ${index.size} bytes`);
  const file = join(directory, `index-${hexOf(index.digest)}`);
  await download(client, index, file);
  return withDamageReported(() => {
    const manifest = parseEntryManifest(readManifestFile(file).toString());
    const grouped = groupByName(manifest.paths);
    if (grouped.length !== blobs.length) throw new Failure('it has other NARs than its manifest names');
    const groups = grouped.map((paths, i) => ({ paths, descriptor: blobs[i] as Descriptor }));
    const fetch = createFetch(reading);
    const isWantedBy = (wanted: ReadonlySet<string>) => (group: Group) =>
      group.paths.some(({ path }) => wanted.has(path));
    return { manifest, groups, fetchParts: wanted => fetch(groups.filter(isWantedBy(wanted))) };
  });
}

/** Downloads groups concurrently, each once even if several calls ask for it. After a failure it starts no other. */
function createFetch({ client, directory }: OciReading): (groups: readonly Group[]) => Promise<EntryPart[]> {
  const pool = createPool(downloadsAtATime);
  const fetched = new Map<Group, Promise<EntryPart>>();
  const fetchGroup = async ({ paths, descriptor }: Group): Promise<EntryPart> => {
    // Of this call alone: other paths with the same NAR have the same blob.
    const file = join(directory, `nars-${randomUUID()}`);
    await download(client, descriptor, file);
    return findParts(file, [paths])[0] as EntryPart;
  };
  return async groups => {
    const fresh = groups.filter(group => !fetched.has(group));
    const size = fresh.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
    const checkingSpace = inBackground(requireSpace(size, directory));
    const run = untilFailure(pool);
    for (const group of fresh) {
      const fetching = run(async () => {
        await checkingSpace;
        return fetchGroup(group);
      });
      fetched.set(group, fetching);
      fetching.catch(() => fetched.delete(group));
    }
    return settleAll(groups.map(group => fetched.get(group) as Promise<EntryPart>));
  };
}

/** An entry is damaged if the registry lost or changed content; not if the registry does not answer. */
async function download(client: RepositoryClient, descriptor: Descriptor, file: string): Promise<void> {
  try {
    await downloadBlob(client, descriptor, file);
  } catch (cause) {
    const isLost = cause instanceof RegistryError && cause.status === 404;
    throw isLost || cause instanceof WrongContent ? new DamagedEntry(messageOf(cause), { cause }) : cause;
  }
}
