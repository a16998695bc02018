import { Failure } from '../../lib/failure.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import type { Digest } from '../../oci/digest.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { listReferrers, type ManifestLinks, readLinks, subjectOfTag } from '../content/manifest-links.ts';
import { readsAtATime } from '../content/manifests.ts';
import { resolveTag } from '../content/tags.ts';

/** The tags of a repository, each with its digest. */
export type Tags = ReadonlyMap<string, Digest>;

/** A manifest that tags lead to, through the lists of indexes and from a subject to its referrers. */
interface ReachableManifest extends ManifestLinks {
  /** Signatures, SBOMs and attestations, and the indexes under fallback tags that list them. */
  readonly referrers: readonly Digest[];
}

/** Reads the links of a repository's manifests, each once, since the content of a digest does not change. */
export interface ManifestReader {
  links(digest: Digest): Promise<ManifestLinks>;
  referrers(digest: Digest): Promise<Digest[]>;
  /** The digest that a tag points to now. */
  resolve(tag: string): Promise<Digest | undefined>;
}

export function createManifestReader(client: RepositoryClient): ManifestReader {
  const known = new Map<Digest, Promise<ManifestLinks>>();
  return {
    links(digest) {
      const links = known.get(digest) ?? readLinks(client, digest);
      known.set(digest, links);
      return links;
    },
    referrers: async digest => (await listReferrers(client, digest)).map(referrer => referrer.digest),
    resolve: tag => resolveTag(client, tag),
  };
}

/**
 * All manifests that some tags lead to, referring manifests before those that they refer to: the order in which they
 * can be deleted.
 */
export async function findReachableManifests(
  tagsToDelete: Tags,
  tags: Tags,
  reader: ManifestReader,
): Promise<ReadonlyMap<Digest, ReachableManifest>> {
  const held = new Map<Digest, ReachableManifest>();
  await walk([...tagsToDelete.values()], mostHeld, async digest => {
    const links = await reader.links(digest);
    const tagged = [...tags].flatMap(([tag, of]) => (subjectOfTag(tag) === digest ? [of] : []));
    const referrers = [...new Set([...(await reader.referrers(digest)), ...tagged])];
    held.set(digest, { ...links, referrers });
    return [...links.children, ...referrers];
  });
  return sortPointersFirst(held);
}

/**
 * The manifests of `held` that must stay, because other tags lead to them now. A tag of `tagsToDelete` that points to
 * something else by now counts as another tag; a fallback tag belongs to its subject.
 */
export async function findManifestsInUse(
  now: Tags,
  { tagsToDelete, held }: { readonly tagsToDelete: Tags; readonly held: ReadonlyMap<Digest, ReachableManifest> },
  reader: ManifestReader,
): Promise<ReadonlySet<Digest>> {
  const others = [...now].filter(([tag, digest]) => {
    const subject = subjectOfTag(tag);
    return tagsToDelete.get(tag) !== digest && (subject === undefined || !held.has(subject));
  });
  const reached = await walk(
    others.map(([, digest]) => digest),
    mostReached,
    async digest => (await reader.links(digest)).children,
  );
  for (const [tag, digest] of others) await expectThere(tag, digest, reader);
  const starts = [...held].filter(
    ([digest, { subject }]) => reached.has(digest) || (subject !== undefined && reached.has(subject)),
  );
  return walk(
    starts.map(([digest]) => digest),
    mostHeld,
    async digest => {
      const { children = [], referrers = [] } = held.get(digest) ?? {};
      return [...children, ...referrers];
    },
  );
}

/**
 * If a manifest cannot be found, the manifests that it lists are unknown. Its tag may have been deleted in the
 * meantime.
 */
async function expectThere(tag: string, digest: Digest, reader: ManifestReader): Promise<void> {
  if ((await reader.links(digest)).exists || (await reader.resolve(tag)) === undefined) return;
  throw new Failure(
    `Cannot clean up: the tag ${tag} names ${digest}, which the registry does not have, so the manifests that it uses are unknown. Delete that tag or push it again, then run the clean-up again.`,
  );
}

/** Most manifests that a clean-up deletes, and most that all other tags of a repository lead to. */
const mostHeld = 5000;
const mostReached = 200_000;

/** Everything reachable, including the starts; a Failure if there are more than `most`. */
async function walk(
  starts: readonly Digest[],
  most: number,
  next: (digest: Digest) => Promise<readonly Digest[]>,
): Promise<Set<Digest>> {
  const pool = createPool(readsAtATime);
  const seen = new Set(starts);
  let level = [...seen];
  while (level.length > 0) {
    const found = await settleAll(level.map(digest => pool(() => next(digest))));
    level = [...new Set(found.flat())].filter(digest => !seen.has(digest));
    for (const digest of level) seen.add(digest);
    if (seen.size > most) throw new Failure(`Cannot clean up: the tags use more than ${most} manifests.`);
  }
  return seen;
}

/**
 * Referrers before their subjects and indexes before the manifests that they list. Some registries refuse to delete a
 * manifest that another one refers to, and an interrupted clean-up keeps the tag, so the next one finds the rest.
 */
function sortPointersFirst(held: ReadonlyMap<Digest, ReachableManifest>): ReadonlyMap<Digest, ReachableManifest> {
  const sorted: [Digest, ReachableManifest][] = [];
  const seen = new Set<Digest>();
  const visit = (digest: Digest) => {
    const manifest = held.get(digest);
    if (manifest === undefined || seen.has(digest)) return;
    seen.add(digest);
    for (const pointed of [...manifest.children, ...(manifest.subject === undefined ? [] : [manifest.subject])]) {
      visit(pointed);
    }
    sorted.push([digest, manifest]);
  };
  for (const digest of [...held.keys()].sort()) visit(digest);
  return new Map(sorted.reverse());
}
