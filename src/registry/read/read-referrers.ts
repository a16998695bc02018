import type { Digest } from '../../oci/digest.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { allReferrers, fallbackTagOf, type Referrer } from '../content/manifest-links.ts';
import { resolveTag } from '../content/tags.ts';

/** Tags that cosign gives to what belongs to a manifest: `sha256-HEX.sig`. */
const cosignTags: Readonly<Record<string, string>> = {
  sig: 'cosign signature',
  att: 'cosign attestation',
  sbom: 'cosign SBOM',
};

/**
 * Signatures, SBOMs and attestations of a manifest: by the referrers API, under the fallback tag of registries without
 * it, and under cosign's tags. OCI distribution-spec, "Listing Referrers" and "Referrers Tag Schema".
 */
export async function readReferrers(client: RepositoryClient, digest: Digest): Promise<Referrer[]> {
  const tag = fallbackTagOf(digest);
  const found = await allReferrers(client, digest);
  for (const [suffix, artifactType] of Object.entries(cosignTags)) {
    const tagged = await resolveTag(client, `${tag}.${suffix}`);
    if (tagged !== undefined) found.push({ digest: tagged, artifactType });
  }
  return [...new Map(found.map(referrer => [referrer.digest, referrer])).values()];
}
