import { nextPageOf, type Page, readPages } from '../../lib/http/read-pages.ts';
import { resolveLocation } from '../../lib/http/resolve-location.ts';
import { isObject, type Json } from '../../lib/json-object.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { settleAll } from '../../lib/pool.ts';
import { type Digest, hexOf, isDigest } from '../../oci/digest.ts';
import type { ApiRequest, RepositoryClient } from '../access/registry.ts';
import { RegistryError } from '../access/registry-error.ts';
import { getManifest, readManifestIfThere } from './manifests.ts';

/** The manifests that a manifest refers to. */
export interface ManifestLinks {
  /** Whether the registry has it; an index may list manifests that its repository lacks. */
  readonly exists: boolean;
  /** Manifests that it lists, if it is an index. */
  readonly children: readonly Digest[];
  /** The manifest that it is a signature, an SBOM or an attestation of. OCI image-spec, manifest.md. */
  readonly subject: Digest | undefined;
}

/** A manifest about another one: a signature, an SBOM, an attestation. */
export interface Referrer {
  readonly digest: Digest;
  /** Its type, as the registry states it; may be hostile. */
  readonly artifactType: string | undefined;
}

const largestReferrers = 4 << 20;
const mostReferrers = 1000;

/** Reads which manifests a manifest refers to. */
export async function readLinks(client: RepositoryClient, digest: Digest): Promise<ManifestLinks> {
  try {
    const json = objectIn(await getManifest(client, digest));
    return { exists: true, children: digestsIn(json.manifests), subject: digestsIn([json.subject])[0] };
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404)
      return { exists: false, children: [], subject: undefined };
    throw error;
  }
}

/**
 * The manifests whose subject is this one, as far as the registry reports them, 1000 at most. A registry without the
 * referrers API reports none, and has them under fallback tags. OCI distribution-spec, end-12a and "Referrers Tag
 * Schema".
 */
export async function listReferrers(client: RepositoryClient, digest: Digest): Promise<Referrer[]> {
  const first = new URL(`/v2/${client.repository.path}/referrers/${digest}`, client.origin);
  const found = new Map<Digest, Referrer>();
  for await (const page of readPages(first, url => readReferrers(client, { url, digest }))) {
    for (const referrer of page.slice(0, mostReferrers - found.size)) found.set(referrer.digest, referrer);
    if (found.size >= mostReferrers) break;
  }
  return [...found.values()];
}

/**
 * All manifests whose subject is this one, each once. A registry that has the referrers API now may have lacked it before,
 * so the fallback tag counts too.
 */
export async function allReferrers(client: RepositoryClient, digest: Digest): Promise<Referrer[]> {
  const lists = await settleAll([listTaggedReferrers(client, digest), listReferrers(client, digest)]);
  return [...new Map(lists.flat().map(referrer => [referrer.digest, referrer])).values()];
}

/** The manifests that the index under the fallback tag of a subject lists. */
async function listTaggedReferrers(client: RepositoryClient, digest: Digest): Promise<Referrer[]> {
  const stored = await readManifestIfThere(client, fallbackTagOf(digest));
  return stored === undefined ? [] : referrersIn(objectIn(stored.bytes));
}

/** The tag for the referrers of a subject. OCI distribution-spec, "Referrers Tag Schema". */
export function fallbackTagOf(digest: Digest): string {
  return `sha256-${hexOf(digest)}`;
}

async function readReferrers(
  client: RepositoryClient,
  { url, digest }: { readonly url: URL; readonly digest: Digest },
): Promise<Page<Referrer[]>> {
  const request: ApiRequest = { method: 'GET', to: url };
  return client.retry(`Listing the referrers of ${digest}`, async () => {
    const response = await client.request(request);
    // ghcr.io redirects to a page of github.com, which is not this API
    // (https://github.com/artifacthub/hub/issues/4785).
    const isApi = response.url.origin === client.origin;
    if (isApi && (response.status === 429 || response.status >= 500)) throw await client.refusal(request, response);
    if (!isApi || response.status !== 200) {
      await response.discard();
      return { value: [], next: undefined };
    }
    const value = referrersIn(objectIn(await response.bytes(largestReferrers)));
    return { value, next: nextPageOf(response, resolveLocation) };
  });
}

/** The manifest that a fallback tag belongs to: `sha256-HEX`, or cosign's `sha256-HEX.sig` and the like. */
export function subjectOfTag(tag: string): Digest | undefined {
  const [, hex] = /^sha256-([0-9a-f]{64})(\.[\w.-]+)?$/.exec(tag) ?? [];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

/** The manifests that a list of referrers, an image index, names. */
function referrersIn({ manifests }: Json): Referrer[] {
  return (Array.isArray(manifests) ? manifests.filter(isObject) : []).flatMap(({ digest, artifactType }) =>
    typeof digest === 'string' && isDigest(digest)
      ? [{ digest, artifactType: typeof artifactType === 'string' ? artifactType : undefined }]
      : [],
  );
}

/** The valid digests in a list of descriptors. */
function digestsIn(manifests: unknown): Digest[] {
  return referrersIn({ manifests }).map(({ digest }) => digest);
}
