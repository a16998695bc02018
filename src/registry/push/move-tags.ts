import { Failure, messageOf } from '../../lib/failure.ts';
import { settleAll } from '../../lib/pool.ts';
import type { Blob } from '../../oci/blob.ts';
import { digestOf } from '../../oci/digest.ts';
import { blobOf } from '../../oci/manifest.ts';
import { formatReference, type Reference } from '../../oci/reference.ts';
import type { Log } from '../../runtime.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { isUnknownContent, RegistryError } from '../access/registry-error.ts';
import { findManifest, putManifest, readManifestIfThere, type StoredManifest } from '../content/manifests.ts';

/** A tag to move, and the client of its repository. */
export interface Tag {
  readonly client: RepositoryClient;
  readonly reference: Reference;
}

/** A tag and the manifest, or index, that it should point to; the registry has everything that this lists. */
export interface TagMove extends Tag {
  readonly manifest: Blob;
}

interface MovedTag extends TagMove {
  /** The previous digest of the tag; undefined if it is new, or could not be read. */
  readonly before: StoredManifest | undefined;
}

/** What happens to a tag that already points to something else: it is moved, it is an error, or it stays. */
export type IfExists = 'overwrite' | 'error' | 'skip';

interface MoveOptions {
  readonly ifExists: IfExists;
  readonly log: Log;
  /** Aborted when no further tag may be moved. */
  readonly cancelled: AbortSignal;
}

/**
 * Moves all tags, of one image or of several. If one is refused, or the run is cancelled, those that were moved are
 * moved back, so a push moves all tags or none. A new tag then stays, and the Failure says so: deleting it through the
 * API may delete the manifest, and other tags with it. A tag that already points to its manifest is left alone, since
 * it may be immutable. Returns the references that point to their manifest now.
 *
 * Registries have no conditional update. A tag is read right before it is moved and before it is moved back, so of two
 * runs at the same time one wins, and none undoes the other's work.
 */
export async function moveTags(moves: readonly TagMove[], options: MoveOptions): Promise<Reference[]> {
  const { ifExists, log, cancelled } = options;
  const wanted = ifExists === 'overwrite' ? moves : await movesLeft(moves, options);
  const named: Reference[] = [];
  const moved: MovedTag[] = [];
  const warn = () => {
    if (moved.length > 0)
      log.warning(`Cancelled while moving tags. These already point to the new image: ${namesOf(moved)}`);
  };
  cancelled.addEventListener('abort', warn);
  try {
    for (const [i, move] of wanted.entries()) {
      cancelled.throwIfAborted();
      const isLast = i === wanted.length - 1;
      const mayStay = isLast && ifExists === 'overwrite';
      const before = mayStay ? undefined : await readBefore(move, options);
      if (ifExists !== 'overwrite' && isTaken(move, before)) {
        leave([move], options);
        continue;
      }
      const isMoved = !isNamed(move, before) && (await moveTag(move, log));
      if (isMoved) moved.push({ ...move, before });
      named.push(move.reference);
      log.info(`${formatReference(move.reference)} is ${isMoved ? '' : 'already '}${move.manifest.descriptor.digest}`);
    }
  } catch (error) {
    const left = await putBack(moved, log);
    if (left.length === 0) throw error;
    throw new Failure(`${messageOf(error)} These tags already point to the new image: ${namesOf(left)}.`, {
      cause: error,
    });
  } finally {
    cancelled.removeEventListener('abort', warn);
  }
  return named;
}

/** The moves that are allowed if existing tags must not move; a tag that already points to the manifest is allowed. */
async function movesLeft(moves: readonly TagMove[], options: MoveOptions): Promise<TagMove[]> {
  const befores = await settleAll(moves.map(move => readBefore(move, options)));
  const taken = moves.filter((move, i) => isTaken(move, befores[i]));
  if (taken.length > 0) leave(taken, options);
  return moves.filter(move => !taken.includes(move));
}

/** The digest that a tag points to now. If existing tags must not move, failing to read it is an error. */
async function readBefore(
  { client, reference }: TagMove,
  { ifExists }: MoveOptions,
): Promise<StoredManifest | undefined> {
  if (ifExists === 'overwrite') return readManifestIfThere(client, reference.tag);
  try {
    return await findManifest(client, reference.tag);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new Failure(
      `Cannot tag the image: if-exists: ${ifExists} requires knowing whether ${formatReference(reference)} exists. ${error.message}`,
      { cause: error },
    );
  }
}

/** Whether the tag points to something else. */
function isTaken(move: TagMove, now: StoredManifest | undefined): boolean {
  return now !== undefined && !isNamed(move, now);
}

/** Whether the tag already points to the manifest. */
function isNamed({ manifest }: TagMove, now: StoredManifest | undefined): boolean {
  return now !== undefined && digestOf(now.bytes) === manifest.descriptor.digest;
}

/**
 * Moves a tag; false if it already pointed to the manifest, and the registry refuses to put it again, as ECR does for
 * an immutable tag. If no answer arrives, the tag itself shows whether it was moved.
 */
async function moveTag(move: TagMove, log: Log): Promise<boolean> {
  const { client, manifest, reference } = move;
  try {
    await putManifest(client, manifest, reference.tag);
    return true;
  } catch (error) {
    if (isUnknownContent(error)) throw error;
    const isRefused = error instanceof RegistryError && error.status < 500;
    const now = await findManifest(client, reference.tag).catch(() => 'unknown' as const);
    if (now === 'unknown' && !isRefused) {
      log.warning(`Cannot tell whether ${formatReference(reference)} points to the new image: ${messageOf(error)}`);
    }
    if (now === 'unknown' || !isNamed(move, now)) throw error;
    return !isRefused;
  }
}

function leave(taken: readonly TagMove[], { ifExists, log }: MoveOptions): void {
  if (ifExists === 'error') {
    throw new Failure(
      `Cannot tag the image: ${namesOf(taken)} already exists and points to another image. ` +
        'Choose a new tag, or set if-exists to overwrite or skip.',
    );
  }
  log.notice(`Not moved, because it already exists: ${namesOf(taken)}`);
}

function namesOf(tags: readonly Tag[]): string {
  return tags.map(({ reference }) => formatReference(reference)).join(', ');
}

/** Returns the tags that could not be moved back. A tag that another run has moved since is left alone. */
async function putBack(moved: readonly MovedTag[], log: Log): Promise<MovedTag[]> {
  const left: MovedTag[] = [];
  for (const tag of moved) {
    const { client, reference, before } = tag;
    try {
      const now = await findManifest(client, reference.tag);
      if (!isNamed(tag, now)) {
        const isAsBefore = now === undefined || (before !== undefined && now.bytes.equals(before.bytes));
        if (!isAsBefore) log.info(`${formatReference(reference)} was moved by another run and is kept.`);
      } else if (before === undefined) {
        log.warning(
          `${formatReference(reference)} is new and is kept: deleting it could delete the manifest and other tags.`,
        );
        left.push(tag);
      } else {
        await putManifest(client, blobOf(before.bytes, before.mediaType), reference.tag);
        log.info(`${formatReference(reference)} is ${digestOf(before.bytes)} again`);
      }
    } catch (error) {
      log.warning(`Cannot restore ${formatReference(reference)}: ${messageOf(error)}`);
      left.push(tag);
    }
  }
  return left;
}
