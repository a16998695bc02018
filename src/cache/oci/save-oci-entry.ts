import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openFile } from '../../lib/open-file.ts';
import { createPool, settleAll, untilFailure } from '../../lib/pool.ts';
import { emptyConfig } from '../../oci/artifact-manifest.ts';
import type { Blob, Descriptor } from '../../oci/blob.ts';
import { digestOfHash } from '../../oci/digest.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { isUnknownContent } from '../../registry/access/registry-error.ts';
import { uploadBlob } from '../../registry/content/blobs.ts';
import { putManifest } from '../../registry/content/manifests.ts';
import type { SavedEntry } from '../entry-store.ts';
import type { EntryManifest, EntryPath } from '../manifest.ts';
import { writeFrames, writeManifest, writeNars } from '../write-entry.ts';
import { type Artifact, artifactBlob, entryTypes, signArtifact } from './artifact.ts';
import { groupByName } from './group-by-name.ts';
import type { Group } from './read-oci-entry.ts';

/** Options for saving an entry to a repository. */
export interface OciSaving {
  readonly client: RepositoryClient;
  /** Directory for temporary files, which are removed. */
  readonly directory: string;
  /** Secret key that signs the entry, `NAME:BASE64`. */
  readonly signingKey: string | undefined;
  /** Groups of an earlier entry; the repository has their blobs. */
  readonly known: readonly Group[];
  /** Whether to send all blobs without asking for existing ones: there are none, or those are damaged. */
  readonly sendsAll: boolean;
}

/** Number of groups that are compressed and sent concurrently: each takes up to 12 MB of memory. */
const groupsAtATime = 5;

/**
 * Saves paths of this store under a new tag: first the NARs that the repository lacks, then the manifest, last the tag.
 */
export async function saveOciEntry(manifest: EntryManifest, tag: string, saving: OciSaving): Promise<SavedEntry> {
  try {
    return await save(manifest, tag, saving);
  } catch (error) {
    // The registry lost blobs of the earlier entry, or has just deleted blobs that no manifest used.
    if (!isUnknownContent(error)) throw error;
    return save(manifest, tag, { ...saving, known: [], sendsAll: false });
  }
}

async function save(manifest: EntryManifest, tag: string, saving: OciSaving): Promise<SavedEntry> {
  const { client, directory, known, signingKey } = saving;
  const pool = untilFailure(createPool(groupsAtATime));
  let sent = 0;
  const send = async (blob: Blob): Promise<Descriptor> => {
    const uploaded = await uploadBlob(client, blob, saving.sendsAll ? 'new' : undefined);
    if (uploaded === 'uploaded') sent += blob.descriptor.size;
    return blob.descriptor;
  };
  const sendParts = async (
    parts: Iterable<Iterable<Buffer>>,
    { mediaType, name }: { mediaType: string; name: string },
  ) => {
    const file = join(directory, `${tag}-${name}`);
    try {
      return await send(await writeBlob(parts, { mediaType, file }));
    } finally {
      await rm(file, { force: true });
    }
  };
  const descriptors = new Map(known.map(({ paths, descriptor }) => [contentOf(paths), descriptor]));
  const sendGroup = async (paths: readonly EntryPath[], i: number) =>
    descriptors.get(contentOf(paths)) ??
    sendParts([writeNars(paths)], { mediaType: entryTypes.group, name: String(i) });
  const index = await sendParts([[writeManifest(manifest)]], { mediaType: entryTypes.index, name: 'index' });
  const [groups] = await Promise.all([
    settleAll(groupByName(manifest.paths).map((paths, i) => pool(() => sendGroup(paths, i)))),
    send(emptyConfig),
  ]);
  const unsigned: Artifact = { artifactType: entryTypes.artifact, tag, layers: [index, ...groups] };
  const artifact = artifactBlob(signingKey === undefined ? unsigned : signArtifact(unsigned, signingKey));
  await putManifest(client, artifact, tag);
  const size = unsigned.layers.reduce((sum, blob) => sum + blob.size, 0);
  return { tag, size, sent: sent + artifact.descriptor.size };
}

/** A key for the NARs of these paths. */
function contentOf(paths: readonly EntryPath[]): string {
  return JSON.stringify(paths.map(({ path, narHash, narSize }) => [path, narHash, narSize]));
}

/** Writes a blob to a file. */
async function writeBlob(
  parts: Iterable<Iterable<Buffer>>,
  { file, mediaType }: { readonly file: string; readonly mediaType: string },
): Promise<Blob> {
  const hash = createHash('sha256');
  const size = await writeFrames(file, parts, piece => hash.update(piece));
  const descriptor = { mediaType, digest: digestOfHash(hash), size };
  return { descriptor, open: options => openFile(file, options) };
}
