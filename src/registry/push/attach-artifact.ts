import { Failure } from '../../lib/failure.ts';
import { isObject } from '../../lib/json-object.ts';
import { parseJsonObject } from '../../lib/parse-json.ts';
import { settleAll } from '../../lib/pool.ts';
import { type Artifact, artifactManifest, emptyConfig } from '../../oci/artifact-manifest.ts';
import { type Blob, type Descriptor, isDescriptor, mediaTypes } from '../../oci/blob.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
import { blobOf } from '../../oci/manifest.ts';
import { formatRepository } from '../../oci/reference.ts';
import type { ApiRequest, RepositoryClient } from '../access/registry.ts';
import { RegistryError } from '../access/registry-error.ts';
import { readBlob, uploadBlob } from '../content/blobs.ts';
import { allReferrers, fallbackTagOf, listsReferrer } from '../content/manifest-links.ts';
import { findManifest, getManifest, putManifest } from '../content/manifests.ts';

/** How often the index of a fallback tag is written, if others write it at the same time. */
const mostTries = 10;
/** How many artifacts of one type are read of a subject. */
const mostRead = 100;
/** Bytes of an artifact that is read: a bill of materials of ten thousand store paths has fewer. */
const largestArtifact = 32 << 20;

/**
 * Stores an artifact beside its subjects, which the repository must have, so that the registry lists it as a referrer
 * of each. In a registry without the referrers API the artifact joins the index under the subject's fallback tag.
 * Attaching it again changes nothing. Returns the digests of its manifests, one per subject. OCI distribution-spec,
 * "Pushing Manifests with Subject".
 */
export async function attachArtifact(
  client: RepositoryClient,
  subjects: readonly Descriptor[],
  artifact: Artifact,
): Promise<Digest[]> {
  // Once for all subjects: distribution may refuse a manifest while one of its blobs is written again.
  await uploadBlob(client, emptyConfig);
  await uploadBlob(client, artifact.content, 'new');
  return settleAll(subjects.map(subject => attachTo(client, subject, artifact)));
}

async function attachTo(client: RepositoryClient, subject: Descriptor, artifact: Artifact): Promise<Digest> {
  const manifest = artifactManifest(subject, artifact);
  const { digest } = manifest.descriptor;
  await putManifest(client, manifest, digest);
  if (!(await listsReferrer(client, subject.digest, digest)))
    await listUnderTag(client, subject, { manifest, artifact });
  return digest;
}

/**
 * A Failure unless the registry lists the artifact with this manifest for its subject, and has its content unchanged.
 */
export async function expectAttached(client: RepositoryClient, subject: Descriptor, digest: Digest): Promise<void> {
  const listed = await allReferrers(client, subject.digest);
  if (!listed.some(referrer => referrer.digest === digest)) {
    throw new Failure(
      `Cannot find what was attached to ${nameOf(client, subject)}: the registry does not list ${digest}. Run the step again.`,
    );
  }
  const layer = await readLayer(client, digest);
  if (layer !== undefined) await readBlob(client, layer, largestArtifact);
}

/** An artifact with one document. */
export interface AttachedDocument {
  /** Its media type, which is the type of the artifact. */
  readonly type: string;
  /** Reads the document, of 32 MiB at most; undefined if the registry no longer has it. */
  read(): Promise<Buffer | undefined>;
}

/** The documents of one type that are attached to a manifest; see `findAttached`. */
export async function* readAttached(client: RepositoryClient, subject: Digest, type: string): AsyncGenerator<Buffer> {
  for await (const { read } of findAttached(client, subject, [type])) {
    const bytes = await read();
    if (bytes !== undefined) yield bytes;
  }
}

/**
 * The documents of some types that are attached to a manifest, one after the other, 100 at most. Left out are artifacts
 * that the registry lists and no longer has, and documents of more than 32 MiB.
 */
export async function* findAttached(
  client: RepositoryClient,
  subject: Digest,
  types: readonly string[],
): AsyncGenerator<AttachedDocument> {
  const listed = await allReferrers(client, subject);
  // Some registries leave out the type in their list.
  const wanted = listed.filter(({ artifactType }) => artifactType === undefined || types.includes(artifactType));
  for (const { digest } of wanted.slice(0, mostRead)) {
    const layer = await unlessGone(readLayer(client, digest));
    if (layer === undefined || !types.includes(layer.mediaType) || layer.size > largestArtifact) continue;
    yield { type: layer.mediaType, read: () => unlessGone(readBlob(client, layer, largestArtifact)) };
  }
}

async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return undefined;
    throw error;
  }
}

/** The only layer of an artifact; undefined if it has another form. */
async function readLayer(client: RepositoryClient, digest: Digest): Promise<Descriptor | undefined> {
  const { layers } = parseJsonObject(await getManifest(client, digest), `the manifest ${digest}`);
  const [layer, ...others] = Array.isArray(layers) ? layers : [];
  return isDescriptor(layer) && others.length === 0 ? layer : undefined;
}

/**
 * Adds an artifact to the index under the fallback tag. Registries have no transaction for this: the index is read
 * right before it is written, on condition that it is unchanged where the registry knows conditions, and read again
 * afterwards, so that entries of others stay and ours is written again if another run overwrote it.
 */
async function listUnderTag(
  client: RepositoryClient,
  subject: Descriptor,
  { manifest, artifact }: { readonly manifest: Blob; readonly artifact: Artifact },
): Promise<void> {
  const tag = fallbackTagOf(subject.digest);
  const entry = {
    ...manifest.descriptor,
    artifactType: artifact.content.descriptor.mediaType,
    annotations: artifact.annotations,
  };
  for (let i = 0; i < mostTries; i++) {
    const before = await findManifest(client, tag);
    const index = before === undefined ? emptyIndex : parseIndex(before.bytes, nameOf(client, subject));
    if (index.manifests.some(item => isObject(item) && item.digest === entry.digest)) return;
    const after = blobOf(JSON.stringify({ ...index, manifests: [...index.manifests, entry] }), mediaTypes.index);
    await putUnchanged(client, { tag, index: after, etag: before?.etag });
  }
  throw new Failure(
    `Cannot attach anything to ${nameOf(client, subject)}: others keep overwriting the tag ${tag}. Run the step again.`,
  );
}

const emptyIndex = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] as readonly unknown[] };

function parseIndex(bytes: Buffer, name: string) {
  const json = parseJsonObject(bytes, `the referrers of ${name}`);
  const { manifests } = json;
  if (Array.isArray(manifests)) return { ...json, manifests: manifests as readonly unknown[] };
  throw new Failure(
    `Cannot attach anything to ${name}: its tag for referrers points to ${digestOf(bytes)}, which is no index. Delete that tag.`,
  );
}

interface TagUpdate {
  readonly tag: string;
  readonly index: Blob;
  /** ETag of the index that it replaces. */
  readonly etag: string | undefined;
}

/** Puts an index under a tag; does nothing if the registry says that the tag has changed. RFC 9110 section 13.1.1. */
async function putUnchanged(client: RepositoryClient, { tag, index, etag }: TagUpdate): Promise<void> {
  const request: ApiRequest = {
    method: 'PUT',
    to: `manifests/${tag}`,
    headers: { 'content-type': mediaTypes.index, ...(etag === undefined ? {} : { 'if-match': etag }) },
    body: { size: index.descriptor.size, open: index.open },
  };
  await client.retry(`Writing the index ${tag}`, async () => {
    const response = await client.request(request);
    if (![200, 201, 202, 412].includes(response.status)) throw await client.refusal(request, response);
    await response.discard();
  });
}

function nameOf({ repository }: RepositoryClient, { digest }: Descriptor): string {
  return `${formatRepository(repository)}@${digest}`;
}
