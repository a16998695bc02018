import { fingerprintOf } from '../../nar/fingerprint.ts';
import { signText } from '../../nar/nix-key.ts';
import type { EntryManifest, EntryPath } from '../manifest.ts';

/**
 * Adds signatures to the paths of a manifest: those that Nix has, those of an earlier entry, which restoring loses, and
 * one by the secret key, `NAME:BASE64`, if there is one.
 */
export function withSignatures(
  manifest: EntryManifest,
  earlier: EntryManifest | undefined,
  signingKey: string | undefined,
): EntryManifest {
  const known = new Map(earlier?.paths.map(path => [fingerprintOf(path), path.signatures ?? []]));
  const sign = (path: EntryPath): EntryPath => {
    const fingerprint = fingerprintOf(path);
    const own = signingKey === undefined ? [] : [signText(fingerprint, signingKey)];
    const signatures = new Set([...(path.signatures ?? []), ...(known.get(fingerprint) ?? []), ...own]);
    return signatures.size === 0 ? path : { ...path, signatures: [...signatures].sort() };
  };
  return { ...manifest, paths: manifest.paths.map(sign) };
}
