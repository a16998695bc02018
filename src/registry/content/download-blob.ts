import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../../lib/failure.ts';
import type { HttpResponse } from '../../lib/http/message.ts';
import type { Descriptor } from '../../oci/blob.ts';
import { digestOfHash } from '../../oci/digest.ts';
import { formatRepository } from '../../oci/reference.ts';
import type { ApiRequest, RepositoryClient } from '../access/registry.ts';

/** A blob whose bytes are not what its descriptor says. */
export class WrongContent extends Failure {
  override readonly name = 'WrongContent';
}

/** A download under way: what is in the file so far. */
interface Download {
  readonly client: RepositoryClient;
  readonly descriptor: Descriptor;
  readonly file: FileHandle;
  size: number;
  hash: Hash;
}

/**
 * Writes a blob to a file, and checks its size and digest; a WrongContent if they are others. A download that breaks
 * off goes on where it stopped, if the registry sends ranges, and otherwise starts again. OCI distribution-spec end-2.
 */
export async function downloadBlob(client: RepositoryClient, descriptor: Descriptor, path: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  const download: Download = { client, descriptor, file, size: 0, hash: createHash('sha256') };
  try {
    await client.retry(`Reading ${descriptor.digest}`, () => readRest(download));
    if (download.size !== descriptor.size || digestOfHash(download.hash) !== descriptor.digest) throw wrong(download);
  } finally {
    await file.close();
  }
}

async function readRest(download: Download): Promise<void> {
  const { client, descriptor, file } = download;
  // The last answer broke off after its last byte.
  if (download.size > 0 && download.size === descriptor.size) return;
  const headers = download.size === 0 ? {} : { range: `bytes=${download.size}-` };
  const request: ApiRequest = { method: 'GET', to: `blobs/${descriptor.digest}`, headers };
  const response = await client.request(request);
  if (response.status !== 200 && response.status !== 206) throw await client.refusal(request, response);
  if (!continues(download, response)) {
    download.size = 0;
    download.hash = createHash('sha256');
  }
  for await (const chunk of response.body) {
    if (download.size + chunk.length > descriptor.size) throw wrong(download);
    await file.write(chunk, 0, chunk.length, download.size);
    download.hash.update(chunk);
    download.size += chunk.length;
  }
}

/** Whether an answer starts where the last one stopped. RFC 9110 section 14.4. */
function continues({ size }: Download, response: HttpResponse): boolean {
  if (response.status !== 206) return false;
  const [, first] = /^bytes (\d+)-/.exec(response.header('content-range') ?? '') ?? [];
  if (Number(first) === size) return true;
  throw new Failure(`Cannot read a part of a blob from ${response.url.host}: it sent another part than was asked for.`);
}

function wrong({ client, descriptor }: Download): WrongContent {
  return new WrongContent(
    `Cannot trust ${formatRepository(client.repository)}: the bytes it sent for the blob ${descriptor.digest} do not have that digest or size.`,
  );
}
