import { createPool, settleAll } from '../../lib/pool.ts';
import type { Blob, Descriptor } from '../../oci/blob.ts';
import type { Digest } from '../../oci/digest.ts';
import type { KnownBlob, KnownContent } from '../../oci/known-blob.ts';
import type { PinnedReference, Reference, Repository } from '../../oci/reference.ts';
import { byRepository, isSameRepository, openClient, type RegistryAccess } from '../access/client.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { checkMayPush, hasBlob, openBlob, type Uploaded, uploadBlob } from '../content/blobs.ts';
import { putManifest, readsAtATime } from '../content/manifests.ts';
import { type KnownTag, readKnown } from '../read/read-known.ts';
import type { Tag } from './move-tags.ts';

/**
 * All repositories that an image is pushed to. Without references there are none, and blobs are accepted without
 * sending them.
 */
export interface Destination {
  /**
   * Claims about blobs by the images under the references, and under those to reuse from; read once. Without blobs that
   * `locate` did not find.
   */
  readKnown(): Promise<KnownContent>;
  /**
   * Uploads a blob to every repository that lacks it; returns the outcome for each. A `source` repository is known to
   * have the blob: it is not asked again, and other repositories of its registry mount the blob from there. With 'new'
   * no repository is asked.
   */
  upload(blob: Blob, source?: Repository | 'new'): Promise<Uploaded[]>;
  /**
   * A repository that has the blob: of those to push to, or else of the others that take part in the push. Asks in
   * order.
   */
  locate(descriptor: Descriptor): Promise<Location | undefined>;
  /** Bytes of the blobs sent so far, over all repositories. */
  uploadedBytes(): number;
  /** Puts a manifest or an index by its digest into every repository, after everything that it lists. */
  putManifest(manifest: Blob): Promise<void>;
  readonly repositories: readonly Repository[];
  /** One for each of the repositories. */
  readonly clients: readonly RepositoryClient[];
  /** The tags to move once the image is in the registry, see `moveTags`. */
  readonly tags: readonly Tag[];
}

/** Where a blob is; `open` fetches it, unchecked. */
type Location = Pick<KnownBlob, 'repository' | 'open'>;

export interface DestinationOptions {
  readonly references: readonly Reference[];
  readonly reuseFrom: readonly PinnedReference[];
  /** More repositories to mount blobs from. */
  readonly mountFrom?: readonly Repository[];
  /** Moves no tag, and only puts manifests. */
  readonly pushByDigest?: boolean;
  /** Sends nothing, and reports in `uploaded` and its bytes what would be sent. */
  readonly dryRun?: boolean;
  /** Whether to check push permission now. */
  readonly preflight: boolean;
  /** Whether to `readKnown` now, if nothing slow happens before it is needed. */
  readonly readsAhead?: boolean;
}

/** A repository to push to, with the tags for the image there. */
interface Target {
  readonly client: RepositoryClient;
  readonly tags: readonly Reference[];
  /** How many blobs it lacked, until it had one. */
  missed: number;
}

/**
 * If a repository lacks this many blobs, it is assumed to lack the whole image, because the layers that many images
 * share come first.
 */
const enoughMissed = 8;
/** Blobs up to this size are sent faster than checked, if the repository probably lacks them. */
const smallBlob = 1 << 20;

/** Uploads at a time, as in docker and crane. */
const uploadsAtATime = 5;

/** Opens each repository that the references name, once. */
export async function openDestination(options: DestinationOptions, access: RegistryAccess): Promise<Destination> {
  const { reuseFrom, preflight, readsAhead = false, dryRun = false, pushByDigest = false } = options;
  const targets = await openTargets(options, access);
  let reading: Promise<KnownContent> | undefined;
  const readOnce = () => {
    reading ??= openKnownTags(targets, reuseFrom, access).then(readKnown);
    return reading;
  };
  const lost = new Set<Digest>();
  let opening: Promise<readonly RepositoryClient[]> | undefined;
  const openOnce = () => {
    opening ??= openPlaces(targets, options, access);
    return opening;
  };
  await settleAll<unknown>([
    ...(preflight && !dryRun ? targets.map(({ client }) => checkMayPush(client)) : []),
    ...(readsAhead ? [readOnce()] : []),
  ]);
  const pool = createPool(uploadsAtATime);
  const asking = createPool(readsAtATime);
  let uploadedBytes = 0;
  const uploadTo = async (target: Target, blob: Blob, source?: Repository | 'new'): Promise<Uploaded> => {
    const { client } = target;
    const { size } = blob.descriptor;
    if (typeof source === 'object' && isSameRepository(source, client.repository)) return 'exists';
    const uploaded = await pool(async () => {
      const isHardlyThere = source === undefined && target.missed >= enoughMissed && size <= smallBlob;
      const from = source === 'new' || source?.host === client.repository.host ? source : undefined;
      if (dryRun) return (await seeBlob(client, blob.descriptor)) ? 'exists' : 'uploaded';
      return uploadBlob(client, blob, isHardlyThere ? 'new' : from);
    });
    target.missed = uploaded === 'uploaded' ? target.missed + 1 : Number.NEGATIVE_INFINITY;
    if (uploaded === 'uploaded') uploadedBytes += size;
    return uploaded;
  };
  return {
    readKnown: async () => withoutBlobs(lost, await readOnce()),
    upload: (blob, source) => settleAll(targets.map(target => uploadTo(target, blob, source))),
    async locate(descriptor) {
      for (const client of await openOnce()) {
        if (await asking(() => seeBlob(client, descriptor))) {
          return { repository: client.repository, open: () => openBlob(client, descriptor) };
        }
      }
      lost.add(descriptor.digest);
      return undefined;
    },
    uploadedBytes: () => uploadedBytes,
    async putManifest(manifest) {
      if (dryRun) return;
      await settleAll(targets.map(({ client }) => putManifest(client, manifest, manifest.descriptor.digest)));
    },
    repositories: targets.map(({ client }) => client.repository),
    clients: targets.map(({ client }) => client),
    tags:
      dryRun || pushByDigest
        ? []
        : targets.flatMap(({ client, tags }) => tags.map(reference => ({ client, reference }))),
  };
}

function withoutBlobs(lost: ReadonlySet<Digest>, { layers, configs }: KnownContent): KnownContent {
  const areThere = (blobs: readonly KnownBlob[]) => blobs.filter(({ descriptor }) => !lost.has(descriptor.digest));
  return { layers: new Map([...layers].map(([name, blobs]) => [name, areThere(blobs)])), configs };
}

function seeBlob(client: RepositoryClient, { digest }: Descriptor): Promise<boolean> {
  return client.retry(`Asking for ${digest}`, () => hasBlob(client, digest));
}

/** A target can mount blobs from every other repository of its registry that takes part in the push. */
function openTargets(
  { references, reuseFrom, mountFrom = [] }: DestinationOptions,
  access: RegistryAccess,
): Promise<Target[]> {
  return settleAll(
    byRepository(references).map(async tags => {
      const [repository] = tags;
      const others = byRepository([...references, ...reuseFrom, ...mountFrom]).map(([first]) => first);
      const mountSources = others.filter(({ host, path }) => host === repository.host && path !== repository.path);
      return {
        client: await openClient(repository, { ...access, actions: 'pull,push', mountSources }),
        tags,
        missed: 0,
      };
    }),
  );
}

/** The targets, and then the other repositories that may have a blob. */
async function openPlaces(
  targets: readonly Target[],
  { reuseFrom, mountFrom = [] }: DestinationOptions,
  access: RegistryAccess,
): Promise<readonly RepositoryClient[]> {
  const isTarget = (repository: Repository) =>
    targets.some(({ client }) => isSameRepository(client.repository, repository));
  const others = byRepository<Repository>([...reuseFrom, ...mountFrom])
    .map(([first]) => first)
    .filter(one => !isTarget(one));
  const opened = others.map(one => openClient(one, { ...access, actions: 'pull', mountSources: [] }));
  return [...targets.map(({ client }) => client), ...(await settleAll(opened))];
}

async function openKnownTags(
  targets: readonly Target[],
  reuseFrom: readonly PinnedReference[],
  access: RegistryAccess,
): Promise<KnownTag[]> {
  if (targets.length === 0) return [];
  const further = await settleAll(
    byRepository(reuseFrom).map(async tags => {
      const [repository] = tags;
      const target = targets.find(({ client }) => isSameRepository(client.repository, repository));
      const client = target?.client ?? (await openClient(repository, { ...access, actions: 'pull', mountSources: [] }));
      return { client, tags };
    }),
  );
  return [...targets, ...further].flatMap(({ client, tags }) =>
    tags.map(({ tag, digest }: PinnedReference) => ({ client, tag, digest })),
  );
}
