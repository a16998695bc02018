import { Failure } from '../lib/failure.ts';
import type { Blob } from '../oci/blob.ts';
import { digestOf } from '../oci/digest.ts';
import { formatRepository } from '../oci/reference.ts';
import type { ApiRequest, RepositoryClient } from './registry.ts';
import { RegistryError } from './registry-error.ts';

const largestManifest = 4 << 20;

/** Puts a manifest under its digest or under a tag. OCI distribution-spec, end-7. */
export async function putManifest(client: RepositoryClient, manifest: Blob, name: string): Promise<void> {
  const { mediaType, size, digest } = manifest.descriptor;
  const request: ApiRequest = {
    method: 'PUT',
    to: `manifests/${name}`,
    headers: { 'content-type': mediaType },
    body: { size, open: manifest.open },
  };
  await client.retry(`Writing the manifest ${name}`, async () => {
    const response = await client.request(request);
    if (![200, 201, 202].includes(response.status)) throw await client.refusal(request, response);
    await response.discard();
    const stored = response.header('docker-content-digest');
    if (stored === undefined || stored === digest) return;
    throw new Failure(
      `Cannot trust ${formatRepository(client.repository)}: it stored the manifest ${digest} as ${stored}.`,
    );
  });
}

/** The manifest under a tag, or undefined where there is none to be had: an empty repository, or no right to read. */
export async function readManifestIfThere(client: RepositoryClient, tag: string): Promise<Buffer | undefined> {
  try {
    return await getManifest(client, tag);
  } catch (error) {
    if (error instanceof RegistryError && [400, 401, 403, 404, 405].includes(error.status)) return undefined;
    throw error;
  }
}

/** Reads a manifest by tag or digest, as bytes. OCI distribution-spec, end-3. */
export async function getManifest(client: RepositoryClient, name: string): Promise<Buffer> {
  const request: ApiRequest = {
    method: 'GET',
    to: `manifests/${name}`,
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  };
  return client.retry(`Reading the manifest ${name}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(largestManifest);
    if (name.startsWith('sha256:') && digestOf(bytes) !== name) {
      throw new Failure(
        `Cannot trust ${formatRepository(client.repository)}: the manifest ${name} came as ${digestOf(bytes)}.`,
      );
    }
    return bytes;
  });
}
