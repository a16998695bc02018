import type { Log } from '../host.ts';
import { Failure } from '../lib/failure.ts';
import { createPool, settleAll } from '../lib/pool.ts';
import type { Digest } from '../oci/digest.ts';
import { formatReference, formatRepository } from '../oci/reference.ts';
import { type Deletion, deleteManifest } from './delete-manifest.ts';
import { createManifestReader, findHeld, findKept, type Tags } from './held-manifests.ts';
import type { RepositoryClient } from './registry.ts';
import { listTags, resolveTag } from './tags.ts';

/** Where tags and manifests of a repository are listed and deleted: its registry, or an API beside it. */
export interface Shelf {
  /** As they are now. */
  readTags(): Promise<Tags>;
  /** Deletes a manifest and every tag that names it. `all` is what is to go together with it. */
  deleteManifest(digest: Digest, all: ReadonlySet<Digest>): Promise<Deletion>;
  /** Deletes a tag, and leaves its manifest. */
  deleteTag(tag: string): Promise<Deletion>;
}

/** The shelf that a registry itself is, by the distribution API. */
export function registryShelf(client: RepositoryClient): Shelf {
  return {
    async readTags() {
      const pool = createPool(8);
      const names = await listTags(client);
      const found = await settleAll(names.map(tag => pool(async () => [tag, await resolveTag(client, tag)] as const)));
      return new Map(found.flatMap(([tag, digest]) => (digest === undefined ? [] : [[tag, digest]])));
    },
    deleteManifest: digest => deleteManifest(client, digest),
    deleteTag: tag => deleteManifest(client, tag),
  };
}

export interface DeleteOptions {
  readonly client: RepositoryClient;
  readonly shelf: Shelf;
  /** Tell what would go, and delete nothing. */
  readonly dryRun: boolean;
  readonly log: Log;
}

/** What went, or would go in a dry run, and what stays of what was asked for, as `NAME:TAG` and `NAME@DIGEST`. */
export interface Deletions {
  readonly deleted: string[];
  readonly kept: { readonly name: string; readonly reason: string }[];
}

/**
 * Deletes tags of one repository and what only they hold: manifests, what an index lists, referrers; nothing that another
 * tag leads to. Tags are read again before each deletion, so that one that was moved meanwhile keeps what it names. What
 * a registry refuses to delete is a notice.
 */
export async function deleteTags(names: readonly string[], options: DeleteOptions): Promise<Deletions> {
  const { client, shelf, log } = options;
  const tags = await shelf.readTags();
  const going = await findGoing(names, tags, options);
  const reader = createManifestReader(client);
  const held = await findHeld(going, tags, reader);
  const deletions: Deletions = { deleted: [], kept: [] };
  const keep = (name: string, reason: string) => deletions.kept.push({ name, reason });
  const end = ending(options, deletions);
  for (const digest of held.keys()) {
    const kept = await findKept(await readAgain({ tags, going }, options), { going, held }, reader);
    const all = new Set([...held.keys()].filter(one => !kept.has(one)));
    const name = `${formatRepository(client.repository)}@${digest}`;
    if (kept.has(digest)) {
      log.info(`${name} stays: other tags lead to it`);
      keep(name, 'other tags lead to it');
    } else if (!(await end(name, () => shelf.deleteManifest(digest, all)))) return deletions;
  }
  for (const [tag, digest] of going) {
    const now = (await shelf.readTags()).get(tag);
    const name = formatReference({ ...client.repository, tag });
    const isMoved = now !== undefined && now !== digest;
    if (isMoved) {
      log.notice(`${name} was moved meanwhile, and stays.`);
      keep(name, 'it was moved meanwhile');
    } else await end(name, async () => (now === undefined ? 'deleted' : shelf.deleteTag(tag)));
  }
  return deletions;
}

/** The tags as they are now. One that a list has lost since, as between two of its pages, is asked for by its name. */
async function readAgain(
  { tags, going }: { readonly tags: Tags; readonly going: Tags },
  { client, shelf }: DeleteOptions,
): Promise<Tags> {
  const now = new Map(await shelf.readTags());
  for (const tag of tags.keys()) {
    const digest = now.has(tag) || going.has(tag) ? undefined : await resolveTag(client, tag);
    if (digest !== undefined) now.set(tag, digest);
  }
  return now;
}

/** The tags to delete that are there, with what they name. One that is gone already is fine. */
async function findGoing(names: readonly string[], tags: Tags, { client, log }: DeleteOptions): Promise<Tags> {
  const going = new Map<string, Digest>();
  for (const tag of names) {
    const digest = tags.get(tag);
    const name = formatReference({ ...client.repository, tag });
    if (digest !== undefined) going.set(tag, digest);
    else if ((await resolveTag(client, tag)) === undefined) log.info(`${name} is gone already`);
    else {
      throw new Failure(
        `Cannot delete ${name}: it is there, but the list of tags and versions lacks it. Check that the login may see and delete it; for ghcr.io the job needs "permissions: packages: write", and the repository the role Admin in the settings of the package.`,
      );
    }
  }
  return going;
}

/** Deletes one thing and says so; false where the registry refuses. */
function ending({ dryRun, log }: DeleteOptions, { deleted, kept }: Deletions) {
  return async (name: string, body: () => Promise<Deletion>): Promise<boolean> => {
    const deletion = dryRun ? 'deleted' : await body();
    if (typeof deletion === 'object') {
      log.notice(`Cannot delete ${name}: ${deletion.refused}. It stays.`);
      kept.push({ name, reason: deletion.refused });
      return false;
    }
    log.info(`${name} ${dryRun ? 'would be deleted' : deletion === 'deleted' ? 'is deleted' : 'was gone already'}`);
    deleted.push(name);
    return true;
  };
}
