import { Failure, sentence } from '../../lib/failure.ts';
import { nextPageOf, type Page, readPages } from '../../lib/http/read-pages.ts';
import { resolveLocation } from '../../lib/http/resolve-location.ts';
import { isObject, type Json } from '../../lib/json-object.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { settleAll } from '../../lib/pool.ts';
import { type Digest, hexOf, isDigest } from '../../oci/digest.ts';
import { formatRepository } from '../../oci/reference.ts';
import type { ApiRequest, RepositoryClient } from '../access/registry.ts';
import { isDenied, RegistryError } from '../access/registry-error.ts';
import { findManifest, getManifest } from './manifests.ts';

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
/** Below 500, answers of the referrers API that do not mean that there is none. */
const inDoubt = [401, 403, 429];

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

/** What a registry answers when it is asked for referrers: their list, that it has none to give, or that it denies. */
type Answer = readonly Referrer[] | undefined | RegistryError;

/**
 * The manifests whose subject is this one, as far as the registry reports them, 1000 at most. A registry without the
 * referrers API reports none, and has them under fallback tags. A Failure if the registry denies the list. OCI
 * distribution-spec, end-12a and "Referrers Tag Schema".
 */
export async function listReferrers(client: RepositoryClient, digest: Digest): Promise<readonly Referrer[]> {
  const answer = await askReferrersApi(client, digest);
  if (answer instanceof RegistryError) throw new UnknownReferrers(client, digest, answer);
  return answer ?? [];
}

/**
 * All manifests whose subject is this one, each once. A registry that has the referrers API now may have lacked it
 * before, so the fallback tag counts too. A Failure if the registry denies one of the two and the other has no list. If
 * one has, the denial means that there is no other: Artifactory denies tags that do not exist
 * (https://github.com/sigstore/cosign/pull/2972), and Harbor before 2.8 the API
 * (https://github.com/regclient/regclient/pull/389).
 */
export async function allReferrers(client: RepositoryClient, digest: Digest): Promise<Referrer[]> {
  const answers = await settleAll([askFallbackTag(client, digest), askReferrersApi(client, digest)]);
  const lists = answers.flatMap(answer => (answer === undefined || answer instanceof RegistryError ? [] : [answer]));
  const denial = answers.find(answer => answer instanceof RegistryError);
  if (denial !== undefined && lists.length === 0) throw new UnknownReferrers(client, digest, denial);
  return [...new Map(lists.flat().map(referrer => [referrer.digest, referrer])).values()];
}

/** Whether the referrers API is known to list a manifest for its subject. */
export async function listsReferrer(client: RepositoryClient, subject: Digest, digest: Digest): Promise<boolean> {
  const answer = await askReferrersApi(client, subject);
  return Array.isArray(answer) && answer.some(referrer => referrer.digest === digest);
}

/** Whether anything refers to a manifest is not known. */
export class UnknownReferrers extends Failure {
  constructor({ repository }: RepositoryClient, digest: Digest, denial: RegistryError) {
    super(
      `Cannot find out what is attached to ${formatRepository(repository)}@${digest}: ${sentence(denial.message)} ` +
        'The login must be allowed to list referrers and to read tags.',
      { cause: denial },
    );
  }
}

async function askReferrersApi(client: RepositoryClient, digest: Digest): Promise<Answer> {
  const first = new URL(`/v2/${client.repository.path}/referrers/${digest}`, client.origin);
  let found: Map<Digest, Referrer> | undefined;
  try {
    for await (const page of readPages(first, url => readReferrers(client, { url, digest }))) {
      if (page === undefined) break;
      found ??= new Map();
      for (const referrer of page.slice(0, mostReferrers - found.size)) found.set(referrer.digest, referrer);
      if (found.size >= mostReferrers) break;
    }
  } catch (error) {
    if (isDenied(error)) return error;
    throw error;
  }
  return found && [...found.values()];
}

/** The manifests that the index under the fallback tag of a subject lists. */
async function askFallbackTag(client: RepositoryClient, digest: Digest): Promise<Answer> {
  try {
    const stored = await findManifest(client, fallbackTagOf(digest));
    return stored && referrersIn(objectIn(stored.bytes));
  } catch (error) {
    if (isDenied(error)) return error;
    // There is no such tag, for registries that accept no tag of this form.
    if (error instanceof RegistryError && [400, 405].includes(error.status)) return undefined;
    throw error;
  }
}

/** The tag for the referrers of a subject. OCI distribution-spec, "Referrers Tag Schema". */
export function fallbackTagOf(digest: Digest): string {
  return `sha256-${hexOf(digest)}`;
}

/** A page of the list; undefined if the registry has no referrers API. */
async function readReferrers(
  client: RepositoryClient,
  { url, digest }: { readonly url: URL; readonly digest: Digest },
): Promise<Page<Referrer[] | undefined>> {
  const request: ApiRequest = { method: 'GET', to: url };
  return client.retry(`Listing the referrers of ${digest}`, async () => {
    const response = await client.request(request);
    // ghcr.io redirects to a page of github.com, which is not this API
    // (https://github.com/artifacthub/hub/issues/4785).
    const isApi = response.url.origin === client.origin;
    if (isApi && (inDoubt.includes(response.status) || response.status >= 500)) {
      throw await client.refusal(request, response);
    }
    if (!isApi || response.status !== 200) {
      await response.discard();
      return { value: undefined, next: undefined };
    }
    const index = objectIn(await response.bytes(largestReferrers));
    // Some registries answer 200 to any path: https://github.com/sigstore/sigstore-js/pull/1187
    const value = Array.isArray(index.manifests) ? referrersIn(index) : undefined;
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
