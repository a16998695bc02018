import { createPool, settleAll } from '../../lib/pool.ts';
import type { Blob } from '../../oci/blob.ts';
import type { KnownContent } from '../../oci/known-blob.ts';
import type { Reference, Repository } from '../../oci/reference.ts';
import { byRepository, isSameRepository, openClient, type RegistryAccess } from '../access/client.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { checkMayPush, hasBlob, type Uploaded, uploadBlob } from '../content/blobs.ts';
import { putManifest } from '../content/manifests.ts';
import { readKnown } from '../read/read-known.ts';
import type { Tag } from './move-tags.ts';

/** Everywhere that an image is pushed to. Without references it is nowhere, and takes every blob without sending it. */
export interface Destination {
  /** What the images under the references, and under those to reuse from, tell of their blobs; asked once. */
  readKnown(): Promise<KnownContent>;
  /**
   * Brings a blob to every repository that lacks it; how it went for each. `place` is a repository that is known to have
   * it: there nothing is asked, elsewhere on that registry it is mounted. Nothing is asked either where it is 'new'.
   */
  upload(blob: Blob, source?: Repository | 'new'): Promise<Uploaded[]>;
  /** Bytes of the blobs that were sent so far, over all repositories. */
  uploadedBytes(): number;
  /** Puts a manifest or an index by its digest into every repository, once all that it lists is there. */
  putManifest(manifest: Blob): Promise<void>;
  readonly repositories: readonly Repository[];
  /** What is to name the image once it is there, see `moveTags`. */
  readonly tags: readonly Tag[];
}

export interface DestinationOptions {
  readonly references: readonly Reference[];
  readonly reuseFrom: readonly Reference[];
  /** Repositories that blobs may be mounted from too. */
  readonly mountFrom?: readonly Repository[];
  /** No tag is moved, only manifests are put. */
  readonly pushByDigest?: boolean;
  /** Ask what is there, and send nothing: `uploaded` and its bytes are what would be sent. */
  readonly dryRun?: boolean;
  /** Whether to see now that a push will be allowed. */
  readonly preflight: boolean;
  /** Whether to `readKnown` now, where nothing long comes before it is needed. */
  readonly readsAhead?: boolean;
}

/** A repository to push to, with the tags that are to name the image there. */
interface Target {
  readonly client: RepositoryClient;
  readonly tags: readonly Reference[];
  /** How many blobs it had not, as long as it had none. */
  missed: number;
}

/** A repository that had none of so many blobs is taken to have none of an image's; the layers that many have come first. */
const enoughMissed = 8;
/** Bytes that are sent sooner than asked for where they are hardly ever there. */
const smallBlob = 1 << 20;

/** Blobs on the way at a time: as many as docker and crane send. */
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
  await settleAll<unknown>([
    ...(preflight && !dryRun ? targets.map(({ client }) => checkMayPush(client)) : []),
    ...(readsAhead ? [readOnce()] : []),
  ]);
  const pool = createPool(uploadsAtATime);
  let uploadedBytes = 0;
  const uploadTo = async (target: Target, blob: Blob, source?: Repository | 'new'): Promise<Uploaded> => {
    const { client } = target;
    const { size } = blob.descriptor;
    if (typeof source === 'object' && isSameRepository(source, client.repository)) return 'exists';
    const uploaded = await pool(() => {
      const isHardlyThere = source === undefined && target.missed >= enoughMissed && size <= smallBlob;
      const from = source === 'new' || source?.host === client.repository.host ? source : undefined;
      return dryRun ? seeBlob(client, blob) : uploadBlob(client, blob, isHardlyThere ? 'new' : from);
    });
    target.missed = uploaded === 'uploaded' ? target.missed + 1 : Number.NEGATIVE_INFINITY;
    if (uploaded === 'uploaded') uploadedBytes += size;
    return uploaded;
  };
  return {
    readKnown: readOnce,
    upload: (blob, source) => settleAll(targets.map(target => uploadTo(target, blob, source))),
    uploadedBytes: () => uploadedBytes,
    async putManifest(manifest) {
      if (dryRun) return;
      await settleAll(targets.map(({ client }) => putManifest(client, manifest, manifest.descriptor.digest)));
    },
    repositories: targets.map(({ client }) => client.repository),
    tags:
      dryRun || pushByDigest
        ? []
        : targets.flatMap(({ client, tags }) => tags.map(reference => ({ client, reference }))),
  };
}

async function seeBlob(client: RepositoryClient, { descriptor }: Blob): Promise<Uploaded> {
  const { digest } = descriptor;
  return (await client.retry(`Asking for ${digest}`, () => hasBlob(client, digest))) ? 'exists' : 'uploaded';
}

/** Blobs may be mounted in a target from every other repository of its registry that the push has to do with. */
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

async function openKnownTags(targets: readonly Target[], reuseFrom: readonly Reference[], access: RegistryAccess) {
  if (targets.length === 0) return [];
  const further = await settleAll(
    byRepository(reuseFrom).map(async tags => {
      const [repository] = tags;
      const target = targets.find(({ client }) => isSameRepository(client.repository, repository));
      const client = target?.client ?? (await openClient(repository, { ...access, actions: 'pull', mountSources: [] }));
      return { client, tags };
    }),
  );
  return [...targets, ...further].flatMap(({ client, tags }) => tags.map(({ tag }) => ({ client, tag })));
}
