import { Failure } from '../lib/failure.ts';
import { isObject } from '../lib/json-object.ts';
import { nextPageOf, type Page, readPages } from '../lib/read-pages.ts';
import { resolveLocation } from '../lib/resolve-location.ts';
import { type Digest, digestOf, isDigest } from '../oci/digest.ts';
import { formatRepository } from '../oci/reference.ts';
import { accept, getManifest } from './manifests.ts';
import type { ApiRequest, RepositoryClient } from './registry.ts';

const largestPage = 16 << 20;

/** Every tag of a repository, page by page; none where there is no repository. OCI distribution-spec, end-8. */
export async function listTags(client: RepositoryClient): Promise<string[]> {
  const first = new URL(`/v2/${client.repository.path}/tags/list?n=1000`, client.origin);
  const tags = new Set<string>();
  for await (const page of readPages(first, url => readPage(client, url))) {
    for (const tag of page) tags.add(tag);
  }
  return [...tags];
}

async function readPage(client: RepositoryClient, to: URL): Promise<Page<string[]>> {
  const request: ApiRequest = { method: 'GET', to };
  return client.retry('Listing the tags', async () => {
    const response = await client.request(request);
    if (response.status === 404) {
      await response.discard();
      return { value: [], next: undefined };
    }
    if (response.status !== 200) throw await client.refusal(request, response);
    const next = nextPageOf(response, resolveLocation);
    return { value: tagsIn(await response.bytes(largestPage), formatRepository(client.repository)), next };
  });
}

/** A list that cannot be read must not pass for an empty one. */
function tagsIn(bytes: Buffer, repository: string): string[] {
  let tags: unknown;
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    tags = isObject(json) ? (json.tags ?? []) : undefined;
  } catch {
    // Told below.
  }
  if (Array.isArray(tags) && tags.every(tag => typeof tag === 'string')) return tags;
  throw new Failure(`Cannot list the tags of ${repository}: the answer is no list of tags.`);
}

/** The digest that a tag names now; undefined where there is no such tag. OCI distribution-spec, end-3. */
export async function resolveTag(client: RepositoryClient, tag: string): Promise<Digest | undefined> {
  const request: ApiRequest = { method: 'HEAD', to: `manifests/${tag}`, headers: { accept } };
  return client.retry(`Reading the tag ${tag}`, async () => {
    const response = await client.request(request);
    await response.discard();
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw await client.refusal(request, response);
    const digest = response.header('docker-content-digest') ?? '';
    return isDigest(digest) ? digest : digestOf(await getManifest(client, tag));
  });
}
