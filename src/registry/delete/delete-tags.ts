import { Failure } from '../../lib/failure.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import type { Deletion } from '../../oci/deletion.ts';
import type { Digest } from '../../oci/digest.ts';
import { formatReference, formatRepository } from '../../oci/reference.ts';
import type { Log } from '../../runtime.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { isDenied } from '../access/registry-error.ts';
import { readsAtATime } from '../content/manifests.ts';
import { listTags, resolveTag } from '../content/tags.ts';
import { deleteManifest } from './delete-manifest.ts';
import { createManifestReader, findManifestsInUse, findReachableManifests, type Tags } from './reachable-manifests.ts';

/** The API that lists and deletes tags and manifests of a repository: the registry's, or another service's. */
export interface TagStore {
  readTags(): Promise<TagsNow>;
  /**
   * Deletes a manifest and every tag that points to it; 'tagged' if the tags must be deleted first. `all` are the
   * manifests that are deleted in the same run.
   */
  deleteManifest(digest: Digest, all: ReadonlySet<Digest>): Promise<Deletion | 'tagged'>;
  /** Deletes a tag, and keeps its manifest. */
  deleteTag(tag: string): Promise<Deletion>;
}

/** The current tags. */
interface TagsNow {
  readonly tags: Tags;
  /** Why there may be others, as a clause. */
  readonly gap?: string | undefined;
}

/** The tags of a registry, through the distribution API. */
export function registryTagStore(client: RepositoryClient): TagStore {
  return {
    async readTags() {
      const pool = createPool(readsAtATime);
      const { tags, gap } = await listTags(client);
      const found = await settleAll(tags.map(tag => pool(async () => [tag, await resolveTag(client, tag)] as const)));
      return { tags: new Map(found.flatMap(([tag, digest]) => (digest === undefined ? [] : [[tag, digest]]))), gap };
    },
    deleteManifest: digest => deleteManifest(client, digest),
    async deleteTag(tag) {
      const deletion = await deleteManifest(client, tag);
      return deletion === 'tagged' ? { refused: 'the registry cannot delete a single tag' } : deletion;
    },
  };
}

export interface DeleteOptions {
  readonly client: RepositoryClient;
  readonly tagStore: TagStore;
  /** Report what would be deleted, and delete nothing. */
  readonly dryRun: boolean;
  readonly log: Log;
}

/** `NAME:TAG` and `NAME@DIGEST` that were deleted, or would be in a dry run, and those requested that were kept. */
export interface Deletions {
  readonly deleted: string[];
  readonly kept: { readonly name: string; readonly reason: string }[];
}

/** A running clean-up of one repository. */
interface CleanUp extends DeleteOptions, Deletions {
  /** The tags to delete, with their digests. */
  readonly tagsToDelete: Tags;
  /** All tags at the start. */
  readonly tags: Tags;
}

/**
 * Deletes tags of one repository and everything that only they use: manifests, those that an index lists, and
 * referrers. Keeps everything that another tag leads to, and all manifests if there may be tags that the registry does
 * not list. Reads the tags again before each deletion, so a tag that was moved in the meantime keeps its manifest.
 * Reports each refusal of the registry as a notice.
 */
export async function deleteTags(names: readonly string[], options: DeleteOptions): Promise<Deletions> {
  const { client, tagStore, log } = options;
  const now = await tagStore.readTags();
  if (now.gap !== undefined) {
    log.notice(
      `Deleting no manifest of ${formatRepository(client.repository)}: ${now.gap}, so tags that are not listed may still use it.`,
    );
  }
  const tagsToDelete = await findTagsToDelete(names, now, options);
  const cleanUp: CleanUp = { ...options, tagsToDelete, tags: now.tags, deleted: [], kept: [] };
  if (await deleteHeld(cleanUp)) await deleteLeft(cleanUp);
  return { deleted: cleanUp.deleted, kept: cleanUp.kept };
}

/**
 * Deletes tags with their manifests, whatever other tags lead to these: for manifests that each name the only tag that
 * they are for. So it does not read the other tags, of which there may be many. Reports each refusal of the registry as
 * a notice.
 */
export async function deleteWithManifests(tagsToDelete: Tags, options: DeleteOptions): Promise<Deletions> {
  const cleanUp: CleanUp = { ...options, tagsToDelete, tags: tagsToDelete, deleted: [], kept: [] };
  const all = new Set(tagsToDelete.values());
  for (const [tag, digest] of tagsToDelete) {
    const name = formatReference({ ...options.client.repository, tag });
    const own = new Map([[tag, digest]]);
    const body = async () => {
      const deletion = await deleteWithTags(digest, { tags: own, all }, cleanUp);
      // In some registries a tag outlives its manifest.
      const isLeft = typeof deletion !== 'object' && (await resolveTag(options.client, tag)) === digest;
      return isLeft ? options.tagStore.deleteTag(tag) : deletion;
    };
    if (!(await end(name, body, cleanUp))) break;
  }
  return { deleted: cleanUp.deleted, kept: cleanUp.kept };
}

/** Deletes the manifests that no other tag leads to; false if the registry refuses. */
async function deleteHeld(cleanUp: CleanUp): Promise<boolean> {
  const { client, tagsToDelete } = cleanUp;
  const reader = createManifestReader(client);
  const held = await findReachableManifests(tagsToDelete, cleanUp.tags, reader);
  for (const digest of held.keys()) {
    const { tags, gap } = await readAgain(cleanUp);
    const kept: { has(digest: Digest): boolean } =
      gap === undefined ? await findManifestsInUse(tags, { tagsToDelete, held }, reader) : held;
    const all = new Set([...held.keys()].filter(one => !kept.has(one)));
    const name = `${formatRepository(client.repository)}@${digest}`;
    if (kept.has(digest)) keep(name, gap === undefined ? 'other tags use it' : unseenTags, cleanUp);
    else if (!(await end(name, () => deleteWithTags(digest, { tags, all }, cleanUp), cleanUp))) return false;
  }
  return true;
}

const unseenTags = 'tags that the registry does not list may use it';

/** Deletes a manifest, after its tags if the registry requires that. */
async function deleteWithTags(
  digest: Digest,
  { tags, all }: { readonly tags: Tags; readonly all: ReadonlySet<Digest> },
  cleanUp: CleanUp,
): Promise<Deletion> {
  const deletion = await cleanUp.tagStore.deleteManifest(digest, all);
  if (deletion !== 'tagged') return deletion;
  for (const [tag, of] of tags) if (of === digest) await deleteTag(tag, digest, cleanUp);
  const again = await cleanUp.tagStore.deleteManifest(digest, all);
  return again === 'tagged' ? { refused: 'a tag points to it again' } : again;
}

/** Deletes the tags that were not deleted with their manifests. */
async function deleteLeft(cleanUp: CleanUp): Promise<void> {
  const { client, tagsToDelete, deleted } = cleanUp;
  for (const [tag, digest] of tagsToDelete) {
    if (!deleted.includes(formatReference({ ...client.repository, tag }))) await deleteTag(tag, digest, cleanUp);
  }
}

/** Deletes a tag, unless it points to something else by now. */
async function deleteTag(tag: string, digest: Digest, cleanUp: CleanUp): Promise<void> {
  const { client, tagStore, log } = cleanUp;
  const name = formatReference({ ...client.repository, tag });
  const { tags, gap } = await tagStore.readTags();
  const now = tags.get(tag) ?? (gap === undefined ? undefined : await resolveTag(client, tag));
  if (now !== undefined && now !== digest) {
    log.notice(`${name} was moved to another image in the meantime, and is kept.`);
    cleanUp.kept.push({ name, reason: 'it was moved to another image in the meantime' });
    return;
  }
  await end(name, async () => (now === undefined ? 'deleted' : deleteAlone(tag, gap, tagStore)), cleanUp);
}

async function deleteAlone(tag: string, gap: string | undefined, tagStore: TagStore): Promise<Deletion> {
  const deletion = await tagStore.deleteTag(tag);
  if (typeof deletion !== 'object') return deletion;
  const why = gap === undefined ? 'other tags use its manifest' : 'tags that are not listed may use its manifest';
  return { refused: `${why}, and ${deletion.refused}` };
}

/** The current tags. A tag that the list omits now, as may happen between two of its pages, is requested by name. */
async function readAgain({ tags, tagsToDelete, client, tagStore }: CleanUp): Promise<TagsNow> {
  const { tags: listed, gap } = await tagStore.readTags();
  const now = new Map(listed);
  for (const tag of tags.keys()) {
    const digest = now.has(tag) || tagsToDelete.has(tag) ? undefined : await resolveTag(client, tag);
    if (digest !== undefined) now.set(tag, digest);
  }
  return { tags: now, gap };
}

/** The tags to delete that exist, with their digests. A tag that is gone already is no error. */
async function findTagsToDelete(
  names: readonly string[],
  { tags, gap }: TagsNow,
  options: DeleteOptions,
): Promise<Tags> {
  const { client, log } = options;
  const tagsToDelete = new Map<string, Digest>();
  for (const tag of names) {
    const digest = tags.get(tag) ?? (await findUnlisted(tag, { tags, gap }, client));
    const name = formatReference({ ...client.repository, tag });
    if (digest === undefined) log.info(`${name} does not exist`);
    else if (tags.has(tag) || gap !== undefined) tagsToDelete.set(tag, digest);
    else {
      throw new Failure(
        `Cannot delete ${name}: it exists, but is missing from the list of tags and versions. Check that the login may see and delete it; for ghcr.io the job needs "permissions: packages: write", and the repository needs the role Admin in the package settings.`,
      );
    }
  }
  return tagsToDelete;
}

/**
 * The digest of a tag that the list lacks. Google's registries answer 403 for a missing tag, so there the list decides.
 */
async function findUnlisted(
  tag: string,
  { tags, gap }: TagsNow,
  client: RepositoryClient,
): Promise<Digest | undefined> {
  try {
    return await resolveTag(client, tag);
  } catch (error) {
    if (isDenied(error) && gap === undefined && tags.size > 0) return undefined;
    throw error;
  }
}

function keep(name: string, reason: string, { log, kept }: CleanUp): void {
  log.info(`Keeping ${name}: ${reason}`);
  kept.push({ name, reason });
}

/** Deletes one tag or manifest and logs it; false if the registry refuses. */
async function end(name: string, body: () => Promise<Deletion>, cleanUp: CleanUp): Promise<boolean> {
  const { dryRun, log, deleted, kept } = cleanUp;
  const deletion = dryRun ? 'deleted' : await body();
  if (typeof deletion === 'object') {
    log.notice(`Cannot delete ${name}: ${deletion.refused}.`);
    kept.push({ name, reason: deletion.refused });
    return false;
  }
  log.info(`${dryRun ? 'Would delete' : deletion === 'deleted' ? 'Deleted' : 'Already deleted:'} ${name}`);
  deleted.push(name);
  return true;
}
