import { Failure } from '../lib/failure.ts';
import type { Blob, Descriptor } from '../oci/blob.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { formatRepository } from '../oci/reference.ts';
import { type ApiRequest, type RepositoryClient, resolveLocation } from './registry.ts';

export type Uploaded = 'uploaded' | 'exists';

/** Sends a blob unless the repository has it. The whole upload is repeated on failure, never a request of it alone. */
export async function uploadBlob(client: RepositoryClient, blob: Blob): Promise<Uploaded> {
  const { digest } = blob.descriptor;
  return client.retry(`Uploading ${digest}`, async () => {
    if (await hasBlob(client, digest)) return 'exists';
    await putBlob(client, blob);
    return 'uploaded';
  });
}

/**
 * Whether the repository has a blob. OCI distribution-spec end-2. Some registries answer 400, 403 or 405 for "no", and
 * the answer to HEAD has no words: whatever it is, the upload will tell what is wrong.
 */
async function hasBlob(client: RepositoryClient, digest: Digest): Promise<boolean> {
  const request: ApiRequest = { method: 'HEAD', to: `blobs/${digest}` };
  const response = await client.request(request);
  if (response.status >= 500 || response.status === 429) throw await client.refusal(request, response);
  await response.discard();
  return response.status === 200;
}

/** POST for a place, then PUT the whole blob there. OCI distribution-spec, "POST then PUT", end-4a and end-6. */
async function putBlob(client: RepositoryClient, { descriptor, open }: Blob): Promise<void> {
  const post: ApiRequest = { method: 'POST', to: 'blobs/uploads/', body: { size: 0, open: async function* () {} } };
  const started = await client.request(post);
  const location = started.header('location');
  if (started.status !== 202 || location === undefined) throw await client.refusal(post, started);
  await started.discard();
  const url = resolveLocation(location, new URL(`/v2/${client.repository.path}/blobs/uploads/`, client.origin));
  // The query is the registry's own state and stays as it came.
  url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(descriptor.digest)}`;
  const put: ApiRequest = {
    method: 'PUT',
    to: url,
    headers: { 'content-type': 'application/octet-stream' },
    body: { size: descriptor.size, open },
  };
  const response = await client.request(put);
  if (![201, 202, 204].includes(response.status)) throw await client.refusal(put, response);
  await response.discard();
}

const largestReadBlob = 16 << 20;

/** Reads a small blob, such as a config, and checks its digest. OCI distribution-spec, end-2. */
export async function readBlob(client: RepositoryClient, { digest }: Descriptor): Promise<Buffer> {
  const request: ApiRequest = { method: 'GET', to: `blobs/${digest}` };
  return client.retry(`Reading ${digest}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(largestReadBlob);
    if (digestOf(bytes) === digest) return bytes;
    throw new Failure(
      `Cannot trust ${formatRepository(client.repository)}: it gave other bytes for the blob ${digest}.`,
    );
  });
}
