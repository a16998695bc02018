import { Failure } from '../../lib/failure.ts';
import { type Blob, indexTypes, manifestTypes, mediaTypes } from '../../oci/blob.ts';
import { digestOf } from '../../oci/digest.ts';
import { formatRepository } from '../../oci/reference.ts';
import type { ApiRequest, RepositoryClient } from '../access/registry.ts';
import { IndexRefusal, RegistryError } from '../access/registry-error.ts';
import { expectDigest } from './stored-digest.ts';

/** The most that registries and engines accept. OCI distribution-spec, "Pushing Manifests". */
const largestManifest = 4 << 20;

/** How many manifests, or blobs that they list, to request at a time. */
export const readsAtATime = 8;

/** All types that a tag may point to. If a type is not requested, a registry may answer 404 or convert the manifest. */
export const accept = [...manifestTypes, ...indexTypes].join(', ');

/** Puts a manifest under its digest or a tag. OCI distribution-spec, end-7. */
export async function putManifest(client: RepositoryClient, manifest: Blob, name: string): Promise<void> {
  const { mediaType, size, digest } = manifest.descriptor;
  const request: ApiRequest = {
    method: 'PUT',
    to: `manifests/${name}`,
    headers: { 'content-type': mediaType },
    body: { size, open: manifest.open },
  };
  let isTried = false;
  await client.retry(`Writing the manifest ${name}`, async () => {
    // The answer to the previous try may have been lost.
    if (isTried && (await digestUnder(client, name)) === digest) return;
    isTried = true;
    const response = await client.request(request);
    if (![200, 201, 202].includes(response.status)) {
      const refusal = await client.refusal(request, response);
      throw mediaType === mediaTypes.index ? new IndexRefusal(refusal.message, refusal) : refusal;
    }
    await response.discard();
    expectDigest(client, response, digest);
  });
}

/** The digest that a tag points to, if the registry reports it. OCI distribution-spec, end-3. */
async function digestUnder(client: RepositoryClient, name: string): Promise<string | undefined> {
  const response = await client.request({ method: 'HEAD', to: `manifests/${name}`, headers: { accept } });
  await response.discard();
  return response.status === 200 ? response.header('docker-content-digest') : undefined;
}

/** A manifest in a registry. */
export interface StoredManifest {
  readonly bytes: Buffer;
  /** Content-Type of the answer. */
  readonly mediaType: string;
  /** ETag of the answer, if it has one. */
  readonly etag: string | undefined;
}

/** The manifest under a tag or digest; undefined if the registry says that there is none. */
export function findManifest(client: RepositoryClient, name: string): Promise<StoredManifest | undefined> {
  return readUnless(client, name, [404]);
}

/**
 * The manifest under a tag or digest, for callers that can do without it; undefined if there is none, if it may not be
 * read, or if it is larger than 4 MiB.
 */
export async function readManifestIfThere(client: RepositoryClient, name: string): Promise<StoredManifest | undefined> {
  try {
    return await readUnless(client, name, [400, 401, 403, 404, 405]);
  } catch (error) {
    if (error instanceof LargeManifest) return undefined;
    throw error;
  }
}

class LargeManifest extends Failure {}

async function readUnless(
  client: RepositoryClient,
  name: string,
  absent: readonly number[],
): Promise<StoredManifest | undefined> {
  try {
    return await readManifest(client, name);
  } catch (error) {
    if (error instanceof RegistryError && absent.includes(error.status)) return undefined;
    throw error;
  }
}

/** The bytes of a manifest of any kind, by tag or digest. */
export async function getManifest(client: RepositoryClient, name: string): Promise<Buffer> {
  return (await readManifest(client, name)).bytes;
}

/** OCI distribution-spec, end-3; a Failure if it is larger than 4 MiB. */
async function readManifest(client: RepositoryClient, name: string): Promise<StoredManifest> {
  const request: ApiRequest = { method: 'GET', to: `manifests/${name}`, headers: { accept } };
  return client.retry(`Reading the manifest ${name}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(largestManifest + 1);
    if (bytes.length > largestManifest) {
      throw new LargeManifest(
        `Cannot use ${formatRepository(client.repository)} (${name}): its manifest is larger than 4 MiB.`,
      );
    }
    if (name.startsWith('sha256:') && digestOf(bytes) !== name) {
      throw new Failure(
        `Cannot trust ${formatRepository(client.repository)}: it sent a manifest with the digest ${digestOf(bytes)} for ${name}.`,
      );
    }
    return {
      bytes,
      mediaType: response.header('content-type') ?? mediaTypes.manifest,
      etag: response.header('etag'),
    };
  });
}
