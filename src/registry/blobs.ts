import { Failure } from '../lib/failure.ts';
import type { Blob, Descriptor } from '../oci/blob.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { formatRepository, type Repository } from '../oci/reference.ts';
import { type ApiRequest, type RepositoryClient, resolveLocation } from './registry.ts';
import { BrokenUpload } from './registry-error.ts';
import type { HttpResponse } from './transport.ts';

export type Uploaded = 'uploaded' | 'exists' | 'mounted';

/** An upload under way: where it goes on, and how many bytes the registry has of it. */
interface Session {
  readonly url: URL;
  readonly offset: number;
  /** Least bytes of a chunk that is not the last (`OCI-Chunk-Min-Length`). */
  readonly chunkMinimum: number;
}

/** As large as ghcr.io takes in one chunk. */
const chunkSize = 4 << 20;
const largestReadBlob = 16 << 20;

/**
 * Brings a blob into the repository, by the first rung that holds: it is there; it is mounted from another repository
 * of the registry; one PUT; chunks, where the registry finds one PUT too large. An upload that breaks off goes on where
 * the registry says it stopped, else it starts again.
 */
export async function uploadBlob(client: RepositoryClient, blob: Blob, mountFrom?: Repository): Promise<Uploaded> {
  const { digest } = blob.descriptor;
  let interrupted: URL | undefined;
  return client.retry(`Uploading ${digest}`, async () => {
    const resumed = interrupted === undefined ? undefined : await resumeUpload(client, interrupted);
    if (resumed === undefined && (await hasBlob(client, digest))) return 'exists';
    const session = resumed ?? (await startUpload(client, digest, mountFrom));
    if (session === 'mounted') return 'mounted';
    interrupted = session.url;
    const isTooLarge = session.offset === 0 && !(await putWhole(client, blob, session.url));
    if (session.offset > 0) await putChunks(client, blob, session);
    if (isTooLarge) {
      const again = await startUpload(client, digest);
      if (again !== 'mounted') await putChunks(client, blob, again);
    }
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

/** POST for a place to upload to, or for a mount. OCI distribution-spec end-4a and end-11. */
async function startUpload(
  client: RepositoryClient,
  digest: Digest,
  mountFrom?: Repository,
): Promise<Session | 'mounted'> {
  const query = mountFrom === undefined ? '' : `?mount=${digest}&from=${encodeURIComponent(mountFrom.path)}`;
  const request: ApiRequest = { method: 'POST', to: `blobs/uploads/${query}`, body: emptyBody };
  const response = await client.request(request);
  if (response.status === 201 && mountFrom !== undefined) {
    await response.discard();
    return 'mounted';
  }
  if (response.status !== 202 && mountFrom !== undefined) {
    // A mount that is refused, for whatever reason, says nothing about an upload.
    await response.discard();
    return startUpload(client, digest);
  }
  const url = locationOf(client, response);
  if (response.status !== 202 || url === undefined) throw await client.refusal(request, response);
  await response.discard();
  return { url, offset: 0, chunkMinimum: Number(response.header('oci-chunk-min-length') ?? 0) };
}

/** Asks how far an upload got; undefined where it is gone. OCI distribution-spec end-13. */
async function resumeUpload(client: RepositoryClient, interrupted: URL): Promise<Session | undefined> {
  const response = await client.request({ method: 'GET', to: interrupted });
  await response.discard();
  const offset = offsetOf(response);
  if (response.status !== 204 || offset === 0) return undefined;
  const chunkMinimum = Number(response.header('oci-chunk-min-length') ?? 0);
  return { url: locationOf(client, response) ?? interrupted, offset, chunkMinimum };
}

/** PUT of the whole blob, OCI distribution-spec end-6; false where the registry finds it too large. */
async function putWhole(client: RepositoryClient, { descriptor, open }: Blob, url: URL): Promise<boolean> {
  const request: ApiRequest = {
    method: 'PUT',
    to: withDigest(url, descriptor.digest),
    headers: { 'content-type': 'application/octet-stream' },
    body: { size: descriptor.size, open },
  };
  const response = await client.request(request);
  if (response.status === 413) {
    await response.discard();
    return false;
  }
  await expectStored(client, request, response);
  return true;
}

/** PATCH of what is missing, chunk by chunk, then PUT to end it. OCI distribution-spec end-5 and end-6. */
async function putChunks(client: RepositoryClient, { descriptor, open }: Blob, session: Session): Promise<void> {
  let { url, offset } = session;
  const size = Math.max(chunkSize, session.chunkMinimum);
  for await (const chunk of chunksOf(open(), offset, size)) {
    const request: ApiRequest = {
      method: 'PATCH',
      to: url,
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${offset}-${offset + chunk.length - 1}`,
      },
      body: {
        size: chunk.length,
        async *open() {
          yield chunk;
        },
      },
    };
    const response = await client.request(request);
    if (response.status === 416) throw new BrokenUpload(`${client.repository.host} wants another part of the upload`);
    // ECR answers 201.
    if (response.status !== 202 && response.status !== 201) throw await client.refusal(request, response);
    await response.discard();
    url = locationOf(client, response) ?? url;
    offset += chunk.length;
  }
  const end: ApiRequest = { method: 'PUT', to: withDigest(url, descriptor.digest), body: emptyBody };
  await expectStored(client, end, await client.request(end));
}

/** Cuts a stream into chunks of `size` bytes, leaving out what comes before `offset`. */
async function* chunksOf(source: AsyncIterable<Uint8Array>, offset: number, size: number): AsyncGenerator<Buffer> {
  let skip = offset;
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    const wanted = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - wanted.length;
    parts.push(wanted);
    length += wanted.length;
    while (length >= size) {
      const all = Buffer.concat(parts);
      yield all.subarray(0, size);
      parts = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(parts);
}

async function expectStored(client: RepositoryClient, request: ApiRequest, response: HttpResponse): Promise<void> {
  // 201 by the spec; 202 and 204 are seen.
  if (![201, 202, 204].includes(response.status)) throw await client.refusal(request, response);
  await response.discard();
}

function locationOf(client: RepositoryClient, response: HttpResponse): URL | undefined {
  const location = response.header('location');
  if (location === undefined) return undefined;
  return resolveLocation(location, new URL(`/v2/${client.repository.path}/blobs/uploads/`, client.origin));
}

/** `Range: 0-N` → N + 1. For nothing docker-registry says `0-0`, Gitea `0--1`. */
function offsetOf(response: HttpResponse): number {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.header('range') ?? '')?.[1];
  return last === undefined || last === '0' ? 0 : Number(last) + 1;
}

/** The query of an upload's URL is the registry's own state and stays as it came. */
function withDigest(url: URL, digest: Digest): URL {
  const ended = new URL(url);
  ended.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
  return ended;
}

const emptyBody = { size: 0, async *open() {} };

/** Opens an upload and cancels it: a missing permission shows before the work of a build. OCI distribution-spec end-4a, end-14. */
export async function checkMayPush(client: RepositoryClient): Promise<void> {
  await client.retry(`Asking ${client.repository.host} whether a push is allowed`, async () => {
    const request: ApiRequest = { method: 'POST', to: 'blobs/uploads/', body: emptyBody };
    const response = await client.request(request);
    if (response.status !== 202) throw await client.refusal(request, response);
    await response.discard();
    const url = locationOf(client, response);
    if (url !== undefined) await (await client.request({ method: 'DELETE', to: url })).discard();
  });
}

/** Reads a small blob, such as a config, and checks its digest. OCI distribution-spec end-2. */
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

/** A blob as a stream, unchecked: whoever reads it checks its digest. */
export async function* openBlob(client: RepositoryClient, { digest }: Descriptor): AsyncGenerator<Uint8Array> {
  const request: ApiRequest = { method: 'GET', to: `blobs/${digest}` };
  const response = await client.request(request);
  if (response.status !== 200) throw await client.refusal(request, response);
  yield* response.body;
}
