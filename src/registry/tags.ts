import { Failure } from '../lib/failure.ts';
import { isObject } from '../lib/json-object.ts';
import { type Digest, digestOf, isDigest } from '../oci/digest.ts';
import { formatRepository } from '../oci/reference.ts';
import { accept, getManifest } from './manifests.ts';
import { type ApiRequest, type RepositoryClient, resolveLocation } from './registry.ts';

const largestPage = 16 << 20;

/** Every tag of a repository, page by page; none where there is no repository. OCI distribution-spec, end-8. */
export async function listTags(client: RepositoryClient): Promise<string[]> {
  const tags: string[] = [];
  const asked = new Set<string>();
  let to: string | URL = 'tags/list?n=1000';
  // A registry that leads in a circle has shown all it has.
  while (!asked.has(String(to))) {
    asked.add(String(to));
    const page = await readPage(client, to);
    tags.push(...page.tags);
    if (page.next === undefined) break;
    to = page.next;
  }
  return [...new Set(tags)];
}

async function readPage(client: RepositoryClient, to: string | URL): Promise<{ tags: string[]; next?: URL }> {
  const request: ApiRequest = { method: 'GET', to };
  return client.retry('Listing the tags', async () => {
    const response = await client.request(request);
    if (response.status === 404) {
      await response.discard();
      return { tags: [] };
    }
    if (response.status !== 200) throw await client.refusal(request, response);
    const next = nextOf(response.header('link') ?? '', response.url);
    const tags = tagsIn(await response.bytes(largestPage), formatRepository(client.repository));
    return { tags, ...(next === undefined ? {} : { next }) };
  });
}

/** The URL of rel="next" in a Link header; some registries write it relative, or without its quotes. RFC 8288. */
export function nextOf(link: string, base: URL): URL | undefined {
  const [, target] = /<([^<>]*)>[^<]*;\s*rel="?next"?/i.exec(link) ?? [];
  return target === undefined ? undefined : resolveLocation(target, base);
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
