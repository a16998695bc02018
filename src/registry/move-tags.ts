import type { Log } from '../host.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { settleAll } from '../lib/pool.ts';
import type { Blob } from '../oci/blob.ts';
import { digestOf } from '../oci/digest.ts';
import { blobOf } from '../oci/manifest.ts';
import { formatReference, type Reference } from '../oci/reference.ts';
import { putManifest, readManifestIfThere, type StoredManifest } from './manifests.ts';
import type { RepositoryClient } from './registry.ts';

/** A tag to move, and the way to its repository. */
export interface Tag {
  readonly client: RepositoryClient;
  readonly reference: Reference;
}

/** A tag and the manifest, or index, that it is to name; the registry has it already. */
export interface TagMove extends Tag {
  readonly manifest: Blob;
}

interface MovedTag extends Tag {
  /** What it named before; undefined where it is new. */
  readonly before: StoredManifest | undefined;
}

/** What becomes of a tag that names something else already: it is moved, that is an error, or it stays as it is. */
export type IfExists = 'overwrite' | 'error' | 'skip';

/**
 * Moves all tags, of one image or of several. Where one is refused, those that were moved are put back, so that a push
 * moves all tags or none. A tag that is new then stays, and the Failure says so: to delete it by the API may delete the
 * manifest, and with it other tags. Gives the references that name their manifest now.
 */
export async function moveTags(
  moves: readonly TagMove[],
  { ifExists, log }: { readonly ifExists: IfExists; readonly log: Log },
): Promise<Reference[]> {
  const wanted = ifExists === 'overwrite' ? moves : await movesLeft(moves, ifExists, log);
  const moved: MovedTag[] = [];
  try {
    for (const [i, { client, reference, manifest }] of wanted.entries()) {
      const isLast = i === wanted.length - 1;
      const before = isLast ? undefined : await readManifestIfThere(client, reference.tag);
      await putManifest(client, manifest, reference.tag);
      moved.push({ client, reference, before });
    }
  } catch (error) {
    const left = await putBack(moved, log);
    if (left.length === 0) throw error;
    const names = left.map(({ reference }) => formatReference(reference)).join(', ');
    throw new Failure(`${messageOf(error)} Before that the image was tagged ${names}.`, { cause: error });
  }
  for (const { reference, manifest } of wanted) {
    log.info(`${formatReference(reference)} is ${manifest.descriptor.digest}`);
  }
  return wanted.map(({ reference }) => reference);
}

/** The moves that are allowed where a tag that exists must not move; one that names the manifest already may. */
async function movesLeft(moves: readonly TagMove[], ifExists: 'error' | 'skip', log: Log): Promise<TagMove[]> {
  const befores = await settleAll(moves.map(({ client, reference }) => readManifestIfThere(client, reference.tag)));
  const isTaken = ({ manifest }: TagMove, before: StoredManifest | undefined) =>
    before !== undefined && digestOf(before.bytes) !== manifest.descriptor.digest;
  const taken = moves.filter((move, i) => isTaken(move, befores[i]));
  const names = taken.map(({ reference }) => formatReference(reference)).join(', ');
  if (taken.length > 0 && ifExists === 'error') {
    throw new Failure(
      `Cannot tag the image: ${names} exists already and names another one. ` +
        'Choose a new tag, or set if-exists to overwrite or skip. No tag was moved.',
    );
  }
  if (taken.length > 0) log.notice(`Left as it is, since it exists already: ${names}`);
  return moves.filter(move => !taken.includes(move));
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
