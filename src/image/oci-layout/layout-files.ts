import { Failure } from '../../lib/failure.ts';
import { largestJson } from '../../lib/parse-json.ts';
import type { ReadOptions } from '../../lib/read-options.ts';
import type { Descriptor } from '../../oci/blob.ts';
import { type Digest, digestOf, hexOf } from '../../oci/digest.ts';

/** The files of a layout, wherever they are: in a directory or in a tar archive. */
export interface LayoutFiles {
  /** For errors. */
  readonly description: string;
  has(name: string): boolean;
  /** In bytes. */
  size(name: string): number;
  /** A fresh stream of the file's bytes, as `openFile` has it. */
  open(name: string, options?: ReadOptions): AsyncIterable<Uint8Array>;
  /** The whole file, which may have at most `limit` bytes. */
  read(name: string, limit: number): Promise<Buffer>;
}

/** Where a layout keeps a blob. OCI image-spec, image-layout.md. */
export function blobName(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

/** The file of a blob; a Failure where it is missing or has not the promised size. `role` names it: `layer`. */
export function findBlob(files: LayoutFiles, { digest, size }: Descriptor, role: string): string {
  const name = blobName(digest);
  if (!files.has(name))
    throw new Failure(`Cannot use ${files.description}: its ${role} ${digest} is missing (${name}).`);
  if (files.size(name) === size) return name;
  throw new Failure(
    `Cannot use ${files.description}: its ${role} ${digest} has ${files.size(name)} bytes, but its descriptor states ${size}.`,
  );
}

/** The whole blob, which is small; a Failure where it has not the promised digest and size. */
export async function readBlob(files: LayoutFiles, descriptor: Descriptor, role: string): Promise<Buffer> {
  const bytes = await files.read(findBlob(files, descriptor, role), largestJson);
  if (digestOf(bytes) === descriptor.digest) return bytes;
  throw new Failure(
    `Cannot use ${files.description}: the file of its ${role} ${descriptor.digest} has the digest ${digestOf(bytes)}.`,
  );
}
