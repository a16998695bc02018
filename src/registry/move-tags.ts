import type { Log } from '../host.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import type { Blob } from '../oci/blob.ts';
import { blobOf } from '../oci/manifest.ts';
import { formatReference, type Reference } from '../oci/reference.ts';
import { putManifest, readManifestIfThere, type StoredManifest } from './manifests.ts';
import type { RepositoryClient } from './registry.ts';

/** A tag to move, and the way to its repository. */
export interface Tag {
  readonly client: RepositoryClient;
  readonly reference: Reference;
}

interface MovedTag extends Tag {
  /** What it named before; undefined where it is new. */
  readonly before: StoredManifest | undefined;
}

/**
 * Lets all tags name a manifest that the registries have. Where one is refused, those that were moved are put back, so
 * that a push moves all tags or none. A tag that is new then stays, and the Failure says so: to delete it by the API may
 * delete the manifest, and with it other tags.
 */
export async function moveTags(tags: readonly Tag[], manifest: Blob, log: Log): Promise<void> {
  const moved: MovedTag[] = [];
  try {
    for (const [i, tag] of tags.entries()) {
      const { client, reference } = tag;
      const isLast = i === tags.length - 1;
      const before = isLast ? undefined : await readManifestIfThere(client, reference.tag);
      await putManifest(client, manifest, reference.tag);
      moved.push({ ...tag, before });
    }
  } catch (error) {
    const left = await putBack(moved, log);
    if (left.length === 0) throw error;
    const names = left.map(({ reference }) => formatReference(reference)).join(', ');
    throw new Failure(`${messageOf(error)} Before that the image was tagged ${names}.`, { cause: error });
  }
  for (const { reference } of tags) log.info(`${formatReference(reference)} is ${manifest.descriptor.digest}`);
}

/** Gives those that could not be put back. */
async function putBack(moved: readonly MovedTag[], log: Log): Promise<MovedTag[]> {
  const left: MovedTag[] = [];
  for (const tag of moved) {
    const { client, reference, before } = tag;
    try {
      if (before === undefined) left.push(tag);
      else await putManifest(client, blobOf(before.bytes, before.mediaType), reference.tag);
    } catch (error) {
      log.warning(`Cannot put ${formatReference(reference)} back: ${messageOf(error)}`);
      left.push(tag);
    }
  }
  return left;
}
