import { Failure } from '../../lib/failure.ts';
import type { HttpResponse } from '../../lib/http/message.ts';
import { resolveLocation } from '../../lib/http/resolve-location.ts';
import { reuseBuffer } from '../../lib/read-options.ts';
import type { Blob, Descriptor } from '../../oci/blob.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import type { ApiRequest, RepositoryClient } from '../access/registry.ts';
import { type RegistryError, UnsettledError } from '../access/registry-error.ts';
import { WrongContent } from './download-blob.ts';
import { expectDigest, hasOtherDigest } from './stored-digest.ts';

export type Uploaded = 'uploaded' | 'exists' | 'mounted';

/** An open upload at the registry: its URL, and how many bytes the registry has received. */
interface Session {
  readonly url: URL;
  readonly offset: number;
  /** Least bytes of a chunk that is not the last (`OCI-Chunk-Min-Length`). */
  readonly chunkMinimum: number;
}

/** State that the tries of one upload share. */
interface Upload {
  readonly client: RepositoryClient;
  readonly blob: Blob;
  /** How far the last try got; undefined before the first one has begun. */
  url: URL | undefined;
  /** Whether the registry rejected one PUT as too large. */
  inChunks: boolean;
}

/** The most that ghcr.io accepts in one chunk. */
const chunkSize = 4 << 20;
/** A chunk is held in memory. */
const largestChunk = 64 << 20;
/** Bytes of the largest config that containers/image reads. */
const largestConfig = 4 << 20;

/**
 * Uploads a blob to the repository by the first step that succeeds: find it there (skipped for a 'new' blob); mount it
 * from another repository of the registry; send one PUT; send chunks, if the registry rejects one PUT as too large. An
 * interrupted upload continues where the registry says it stopped, otherwise it starts again.
 */
export async function uploadBlob(client: RepositoryClient, blob: Blob, from?: Repository | 'new'): Promise<Uploaded> {
  const { digest } = blob.descriptor;
  const upload: Upload = { client, blob, url: undefined, inChunks: false };
  return client.retry(`Uploading ${digest}`, async () => {
    const resumed = upload.url === undefined ? undefined : await resumeUpload(client, upload.url);
    if (resumed !== undefined) {
      await putChunks(upload, resumed);
      return 'uploaded';
    }
    const isFirstTry = upload.url === undefined;
    // The answer to the previous try may have been lost.
    if (!(isFirstTry && from === 'new') && (await hasBlob(client, digest))) return isFirstTry ? 'exists' : 'uploaded';
    const mounted = typeof from === 'object' ? await mountBlob(client, digest, from) : undefined;
    const session = mounted ?? (await startUpload(client));
    if (session === 'mounted') return 'mounted';
    upload.url = session.url;
    if (!upload.inChunks && (await putWhole(upload, session))) return 'uploaded';
    await putChunks(upload, upload.inChunks ? session : await startUpload(client));
    return 'uploaded';
  });
}

/**
 * Whether the repository has a blob. OCI distribution-spec end-2. Some registries answer 400, 403 or 405 for "no", and
 * the answer to HEAD has no message: if anything is wrong, the upload will show it.
 */
export async function hasBlob(client: RepositoryClient, digest: Digest): Promise<boolean> {
  const request: ApiRequest = { method: 'HEAD', to: `blobs/${digest}` };
  const response = await client.request(request);
  if (response.status >= 500 || response.status === 429) throw await client.refusal(request, response);
  await response.discard();
  return response.status === 200 && !hasOtherDigest(response, digest);
}

/**
 * Requests a mount, OCI distribution-spec end-11. A registry that does not mount opens an upload instead (202), or
 * refuses (undefined), which does not mean that it refuses uploads.
 */
async function mountBlob(
  client: RepositoryClient,
  digest: Digest,
  from: Repository,
): Promise<'mounted' | Session | undefined> {
  const to = `blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from.path)}`;
  const response = await client.request({ method: 'POST', to, body: emptyBody });
  await response.discard();
  if (response.status === 201 && !hasOtherDigest(response, digest)) return 'mounted';
  return response.status === 202 ? sessionOf(response) : undefined;
}

/** POST to open an upload. OCI distribution-spec end-4a. */
async function startUpload(client: RepositoryClient): Promise<Session> {
  const request: ApiRequest = { method: 'POST', to: 'blobs/uploads/', body: emptyBody };
  const response = await client.request(request);
  const session = response.status === 202 ? sessionOf(response) : undefined;
  if (session === undefined) throw await client.refusal(request, response);
  await response.discard();
  return session;
}

/** Asks how far an upload got; undefined if it is gone or empty. OCI distribution-spec end-13. */
async function resumeUpload(client: RepositoryClient, url: URL): Promise<Session | undefined> {
  const response = await client.request({ method: 'GET', to: url });
  await response.discard();
  const offset = offsetOf(response);
  if (response.status !== 204 || offset === 0) return undefined;
  return { url, chunkMinimum: chunkMinimumOf(response), ...sessionOf(response), offset };
}

/** PUT of the whole blob, OCI distribution-spec end-6; false if the registry rejects it as too large. */
async function putWhole(upload: Upload, { url }: Session): Promise<boolean> {
  const { client, blob } = upload;
  const { digest, size } = blob.descriptor;
  const request: ApiRequest = {
    method: 'PUT',
    to: withDigest(url, digest),
    headers: { 'content-type': 'application/octet-stream' },
    body: { size, open: () => blob.open(reuseBuffer) },
  };
  const response = await client.request(request);
  if (response.status === 413) {
    await response.discard();
    return false;
  }
  await expectStored(upload, request, response);
  return true;
}

/** PATCH for the missing bytes, chunk by chunk, then PUT to end it. OCI distribution-spec end-5 and end-6. */
async function putChunks(upload: Upload, { url, offset, chunkMinimum }: Session): Promise<void> {
  const { client, blob } = upload;
  upload.inChunks = true;
  upload.url = url;
  let start = offset;
  for await (const chunk of chunksOf(blob.open(), offset, Math.max(chunkSize, chunkMinimum))) {
    const request: ApiRequest = {
      method: 'PATCH',
      to: upload.url,
      headers: {
        'content-type': 'application/octet-stream',
        'content-range': `${start}-${start + chunk.length - 1}`,
      },
      body: {
        size: chunk.length,
        async *open() {
          yield chunk;
        },
      },
    };
    const response = await client.request(request);
    // ECR answers 201.
    if (response.status !== 202 && response.status !== 201) throw await uploadRefusal(client, request, response);
    await response.discard();
    upload.url = locationOf(response) ?? upload.url;
    start += chunk.length;
  }
  const end: ApiRequest = { method: 'PUT', to: withDigest(upload.url, blob.descriptor.digest), body: emptyBody };
  await expectStored(upload, end, await client.request(end));
}

/** Cuts a stream into chunks of `size` bytes, starting at `offset`. */
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

async function expectStored({ client, blob }: Upload, request: ApiRequest, response: HttpResponse): Promise<void> {
  // 201 by the spec; some registries answer 202 or 204.
  if (![201, 202, 204].includes(response.status)) throw await uploadRefusal(client, request, response);
  await response.discard();
  expectDigest(client, response, blob.descriptor.digest);
}

/**
 * The error for an answer to a part of an upload. A new upload may help if this one has expired or is in a wrong state.
 */
async function uploadRefusal(
  client: RepositoryClient,
  request: ApiRequest,
  response: HttpResponse,
): Promise<RegistryError> {
  const error = await client.refusal(request, response);
  const isUnsettled =
    [404, 416].includes(error.status) || error.codes.some(code => /^(BLOB_UPLOAD_|DIGEST_INVALID)/.test(code));
  return isUnsettled ? new UnsettledError(error.message, error) : error;
}

function sessionOf(response: HttpResponse): Session | undefined {
  const url = locationOf(response);
  return url === undefined ? undefined : { url, offset: 0, chunkMinimum: chunkMinimumOf(response) };
}

function locationOf(response: HttpResponse): URL | undefined {
  const location = response.header('location');
  return location === undefined ? undefined : resolveLocation(location, response);
}

function chunkMinimumOf(response: HttpResponse): number {
  const bytes = Number(response.header('oci-chunk-min-length') ?? 0);
  return bytes > 0 ? Math.min(bytes, largestChunk) : 0;
}

/** `Range: 0-N` → N + 1. For an empty upload docker-registry says `0-0`, Gitea `0--1`. */
function offsetOf(response: HttpResponse): number {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.header('range') ?? '')?.[1];
  return last === undefined || last === '0' ? 0 : Number(last) + 1;
}

/** The query of an upload's URL is the registry's own state, and stays unchanged. */
function withDigest(url: URL, digest: Digest): URL {
  const ended = new URL(url);
  ended.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
  return ended;
}

const emptyBody = { size: 0, async *open() {} };

/**
 * Opens an upload and cancels it, so a missing permission shows before the build. OCI distribution-spec end-4a, end-14.
 */
export async function checkMayPush(client: RepositoryClient): Promise<void> {
  await client.retry(`Asking ${client.repository.host} whether a push is allowed`, async () => {
    const request: ApiRequest = { method: 'POST', to: 'blobs/uploads/', body: emptyBody };
    const response = await client.request(request);
    if (response.status !== 202) throw await client.refusal(request, response);
    await response.discard();
    const url = locationOf(response);
    if (url !== undefined) await cancelUpload(client, url);
  });
}

async function cancelUpload(client: RepositoryClient, url: URL): Promise<void> {
  try {
    await (await client.request({ method: 'DELETE', to: url })).discard();
  } catch {
    // The registry itself removes abandoned uploads.
  }
}

/**
 * Reads a small blob and checks its digest; a WrongContent if it is another, a Failure if it has more than `largest`
 * bytes, by default those of a config. OCI distribution-spec end-2.
 */
export async function readBlob(
  client: RepositoryClient,
  { digest, size }: Descriptor,
  largest = largestConfig,
): Promise<Buffer> {
  if (size > largest) {
    throw new Failure(
      `Cannot use ${formatRepository(client.repository)}: ${digest}, a config or an artifact, is larger than ${largest >> 20} MiB.`,
    );
  }
  const request: ApiRequest = { method: 'GET', to: `blobs/${digest}` };
  return client.retry(`Reading ${digest}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(size + 1);
    if (digestOf(bytes) === digest) return bytes;
    throw new WrongContent(
      `Cannot trust ${formatRepository(client.repository)}: the bytes it sent for the blob ${digest} do not have that digest.`,
    );
  });
}

/** A blob as a stream, unchecked; the reader must check its digest. */
export async function* openBlob(client: RepositoryClient, { digest }: Descriptor): AsyncGenerator<Uint8Array> {
  const request: ApiRequest = { method: 'GET', to: `blobs/${digest}` };
  const response = await client.request(request);
  if (response.status !== 200) throw await client.refusal(request, response);
  yield* response.body;
}
