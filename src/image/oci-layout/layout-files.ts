import { Failure } from '../../lib/failure.ts';
import { largestJson } from '../../lib/parse-json.ts';
import type { ReadOptions } from '../../lib/read-options.ts';
import type { Descriptor } from '../../oci/blob.ts';
import { type Digest, digestOf, hexOf } from '../../oci/digest.ts';

/** The files of a layout, in a directory or in a tar archive. */
export interface LayoutFiles {
  /** Names the layout in errors. */
  readonly description: string;
  has(name: string): boolean;
  /** In bytes. */
  size(name: string): number;
  /** A fresh stream of the file's bytes, as `openFile` has it. */
  open(name: string, options?: ReadOptions): AsyncIterable<Uint8Array>;
  /** Reads the whole file; a Failure if it has more than `limit` bytes. */
  read(name: string, limit: number): Promise<Buffer>;
}

/** Path of a blob in a layout. OCI image-spec, image-layout.md. */
export function blobName(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

/** The file of a blob; a Failure if it is missing or has another size. `role` names it in errors: `layer`. */
export function findBlob(files: LayoutFiles, { digest, size }: Descriptor, role: string): string {
  const name = blobName(digest);
  if (!files.has(name))
    throw new Failure(`Cannot use ${files.description}: its ${role} ${digest} is missing (${name}).`);
  if (files.size(name) === size) return name;
  throw new Failure(
    `Cannot use ${files.description}: its ${role} ${digest} has ${files.size(name)} bytes, but its descriptor states ${size}.`,
  );
}

/** Reads a whole small blob; a Failure if it has another digest or size. */
export async function readBlob(files: LayoutFiles, descriptor: Descriptor, role: string): Promise<Buffer> {
  const bytes = await files.read(findBlob(files, descriptor, role), largestJson);
  if (digestOf(bytes) === descriptor.digest) return bytes;
  throw new Failure(
    `Cannot use ${files.description}: the file of its ${role} ${descriptor.digest} has the digest ${digestOf(bytes)}.`,
  );
}
