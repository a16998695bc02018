import { withBase32 } from './nar-hash.ts';

/** What is signed of a store path: the hash of its NAR, `sha256:` and hex digits, its size and what it refers to. */
interface SignedFacts {
  readonly path: string;
  readonly narHash: string;
  readonly narSize: number;
  readonly references: readonly string[];
}

/**
 * The text that Nix signs for a path: its manual, "Store Path Signing", and `ValidPathInfo::fingerprint` in its source.
 */
export function fingerprintOf({ path, narHash, narSize, references }: SignedFacts): string {
  return ['1', path, withBase32(narHash), narSize, [...references].sort().join(',')].join(';');
}
