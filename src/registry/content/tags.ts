import { Failure } from '../../lib/failure.ts';
import { EndlessListError, nextPageOf, type Page, readPages } from '../../lib/http/read-pages.ts';
import { resolveLocation } from '../../lib/http/resolve-location.ts';
import { isObject } from '../../lib/json-object.ts';
import { type Digest, digestOf, isDigest } from '../../oci/digest.ts';
import { formatRepository, isTag } from '../../oci/reference.ts';
import type { ApiRequest, RepositoryClient } from '../access/registry.ts';
import { accept, getManifest } from './manifests.ts';

const largestPage = 16 << 20;
const mostTags = 100_000;
/** How many tags to request at a time. */
const pageSize = 1000;

/** The tags of a repository that its registry lists. */
export interface TagList {
  readonly tags: readonly string[];
  /** Why there may be others, as a clause; undefined if the list is complete. */
  readonly gap: string | undefined;
}

/** The part of a list read so far. */
interface Reading {
  readonly tags: Set<string>;
  /** Tags of the last page that had new ones. */
  size: number;
  /** Whether the last readable page names another page. */
  isPromised: boolean;
  /** Whether the last page has no tags. */
  isEmpty: boolean;
}

/**
 * The tags of a repository, page by page; none if there is no repository. Some registries omit the Link to the next
 * page, name one that does not exist, or lead in a circle. So before a page counts as the last one, the tags after its
 * last tag are requested by name. OCI distribution-spec, end-8.
 */
export async function listTags(client: RepositoryClient): Promise<TagList> {
  const first = new URL(`/v2/${client.repository.path}/tags/list?n=${pageSize}`, client.origin);
  const reading: Reading = { tags: new Set(), size: 0, isPromised: false, isEmpty: false };
  const { tags } = reading;
  const asked = new Set<string>();
  let last: string | undefined;
  const read = async (url: URL): Promise<Page<undefined>> => {
    const page = await readPage(client, url, asked.size === 0);
    asked.add(url.href);
    const fresh = (page?.value ?? []).filter(tag => !tags.has(tag));
    for (const tag of fresh) tags.add(tag);
    if (tags.size > mostTags) throw new EndlessListError(`Cannot list more than ${mostTags} tags.`);
    last = fresh.at(-1) ?? last;
    if (page !== undefined && fresh.length > 0) reading.size = page.value.length;
    reading.isEmpty = page?.value.length === 0;
    if (page !== undefined) reading.isPromised = page.next !== undefined;
    const byName = last === undefined ? undefined : new URL(`${first}&last=${encodeURIComponent(last)}`);
    return { value: undefined, next: [page?.next, byName].find(one => one !== undefined && !asked.has(one.href)) };
  };
  let gap: string | undefined;
  try {
    for await (const _ of readPages(first, read));
    gap = gapIn(reading);
  } catch (error) {
    if (!(error instanceof EndlessListError)) throw error;
    gap = 'the list of tags does not end';
  }
  return { tags: [...tags].filter(isTag), gap };
}

function gapIn({ tags, size, isPromised, isEmpty }: Reading): string | undefined {
  if (![...tags].every(isTag)) return 'the registry lists a name that is not a valid tag';
  if (isEmpty || tags.size === 0) return undefined;
  if (isPromised) return 'the registry announces another page of tags, but does not return it';
  // Registries end a page at a round number: 50, 100 or 1000 tags.
  const isFull = size % 50 === 0 || size > pageSize;
  return isFull ? `the registry lists ${size} tags and announces no further page` : undefined;
}

/** Undefined if there is no such page; for the first page, if there is no repository. */
async function readPage(client: RepositoryClient, to: URL, isFirst: boolean): Promise<Page<string[]> | undefined> {
  const request: ApiRequest = { method: 'GET', to };
  return client.retry('Listing the tags', async () => {
    const response = await client.request(request);
    if (response.status === 404 || (!isFirst && [400, 405].includes(response.status))) {
      await response.discard();
      return undefined;
    }
    if (response.status !== 200) throw await client.refusal(request, response);
    const next = nextPageOf(response, resolveLocation);
    return { value: tagsIn(await response.bytes(largestPage), formatRepository(client.repository)), next };
  });
}

/** An unreadable list must not count as an empty one. */
function tagsIn(bytes: Buffer, repository: string): string[] {
  let tags: unknown;
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    const listed = isObject(json) ? json.tags : undefined;
    tags = listed === null ? [] : listed;
  } catch {
    // Reported below.
  }
  if (Array.isArray(tags) && tags.every(tag => typeof tag === 'string')) return tags;
  throw new Failure(`Cannot list the tags of ${repository}: the registry's answer is not a list of tags.`);
}

/** The digest that a tag points to now; undefined if there is no such tag. OCI distribution-spec, end-3. */
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
