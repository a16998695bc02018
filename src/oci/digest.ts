import { createHash, type Hash } from 'node:crypto';
import { Failure } from '../lib/failure.ts';

/** A content address, `sha256:` and 64 lower-case hex digits. OCI image-spec, descriptor.md#digests. */
export type Digest = `sha256:${string}`;

/**
 * Reads a digest; `description` names the source in the error. Only sha256, the one algorithm that every registry
 * accepts.
 */
export function parseDigest(text: unknown, description: string): Digest {
  if (typeof text === 'string' && isDigest(text)) return text;
  throw new Failure(`Cannot read ${description}: ${JSON.stringify(text)} is not a digest (sha256: and 64 hex digits).`);
}

/** Whether `text` is a sha256 digest in its one canonical form. */
export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** Digest of bytes in memory. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return digestOfHash(createHash('sha256').update(bytes));
}

/** Finishes a SHA-256 and returns its digest. */
export function digestOfHash(hash: Hash): Digest {
  return `sha256:${hash.digest('hex')}`;
}

/** The 64 hex digits of a digest. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
