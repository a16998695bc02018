import { Failure } from '../lib/failure.ts';
import { isObject } from '../lib/json-object.ts';
import type { Deletion } from '../oci/deletion.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import { type GitHubApi, GitHubError } from './github-api.ts';

/** A version of a package: a manifest, with the tags that name it. */
interface Version {
  readonly id: number;
  readonly digest: Digest;
  readonly tags: readonly string[];
}

/** A container package by GitHub's package API, since ghcr.io has no deletion. docs.github.com/rest/packages */
export interface ContainerPackage {
  /** Every tag with the digest that it names; none if there is no package that this token may read. */
  readTags(): Promise<{ readonly tags: ReadonlyMap<string, Digest> }>;
  /**
   * Deletes a version. `all` are the manifests that are deleted in the same run; if nothing else is left, it deletes
   * the package.
   */
  deleteManifest(digest: Digest, all: ReadonlySet<Digest>): Promise<Deletion>;
  /** Always refused: GitHub cannot remove a tag from a version. */
  deleteTag(tag: string): Promise<Deletion>;
}

const pageSize = 100;

/** Opens the package behind `ghcr.io/OWNER/NAME`; `path` is `OWNER/NAME`, whose name may have slashes. */
export async function openContainerPackage(api: GitHubApi, path: string): Promise<ContainerPackage> {
  const [owner = '', ...name] = path.split('/');
  const accounts = (await isOrganization(api, owner)) ? 'orgs' : 'users';
  const base = `${accounts}/${encodeURIComponent(owner)}/packages/container/${encodeURIComponent(name.join('/'))}`;
  const listVersions = async () => {
    const list = `${base}/versions?per_page=${pageSize}&state=active`;
    const pages: Version[][] = [];
    try {
      for await (const page of api.pages(list)) pages.push(parseVersions(page, path));
    } catch (error) {
      if (error instanceof GitHubError && error.status === 404 && pages.length === 0) return [];
      throw error;
    }
    // Without a Link a full page need not be the last one.
    const isFull = pages.at(-1)?.length === pageSize;
    if (isFull && parseVersions(await api.get(`${list}&page=${pages.length + 1}`), path).length > 0) {
      throw new Failure(
        `Cannot read the versions of the package ${path}: GitHub's list is incomplete. Run the job again.`,
      );
    }
    return pages.flat();
  };
  return {
    async readTags() {
      const named = (await listVersions()).flatMap(({ digest, tags }) => tags.map(tag => [tag, digest] as const));
      return { tags: new Map(named) };
    },
    async deleteManifest(digest, all) {
      const versions = await listVersions();
      const version = versions.find(one => one.digest === digest);
      if (version === undefined) return 'gone';
      const others = versions.filter(one => one !== version);
      const isLast = others.length === 0 || (version.tags.length > 0 && others.every(({ tags }) => tags.length === 0));
      if (!isLast) return remove(api, `${base}/versions/${version.id}`);
      // GitHub refuses to delete the last version, and the last one with a tag.
      if (others.every(one => all.has(one.digest))) return remove(api, base);
      const left = `${others.length} untagged ${others.length === 1 ? 'version is' : 'versions are'} left`;
      return { refused: `GitHub does not delete the last tagged version of a package, and ${left}` };
    },
    deleteTag: async () => ({
      refused: 'GitHub can only delete a manifest together with all its tags',
    }),
  };
}

async function isOrganization(api: GitHubApi, owner: string): Promise<boolean> {
  const account = await api.get(`users/${encodeURIComponent(owner)}`);
  return isObject(account) && account.type === 'Organization';
}

async function remove(api: GitHubApi, path: string): Promise<Deletion> {
  try {
    await api.request('DELETE', path);
    return 'deleted';
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return 'gone';
    throw error;
  }
}

function parseVersions(page: unknown, path: string): Version[] {
  if (Array.isArray(page)) return page.map(item => parseVersion(item, path));
  throw new Failure(`Cannot read the versions of the package ${path}: GitHub's answer is not a list.`);
}

function parseVersion(item: unknown, path: string): Version {
  const { id, name, metadata } = isObject(item) ? item : {};
  const container = isObject(metadata) && isObject(metadata.container) ? metadata.container : {};
  const { tags = [] } = container;
  const isList = Array.isArray(tags) && tags.every(tag => typeof tag === 'string');
  if (typeof id === 'number' && typeof name === 'string' && isDigest(name) && isList) return { id, digest: name, tags };
  throw new Failure(
    `Cannot read the versions of the package ${path}: GitHub's list has a version that is not an image.`,
  );
}
