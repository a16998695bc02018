import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { type Api, startApi } from './github-api.ts';
import { listDirectory, manifestPath, readIfAny, type Store, tagPath } from './registry-store.ts';

export interface PackagesOptions {
  /** Where a registry of the tests keeps its content: its manifests are the versions. */
  readonly directory: string;
  /** `acme/app` of a `container` package. */
  readonly path: string;
  readonly owner: 'Organization' | 'User';
  readonly pageSize?: number;
}

/**
 * GitHub's package API for one container package of a registry. docs.github.com, "REST API endpoints for packages": every
 * manifest is a version, a version is deleted with its tags, the last one with a tag cannot be, a package goes as a whole.
 */
export async function startPackages(options: PackagesOptions): Promise<Api> {
  const { directory, path, owner, pageSize = 100 } = options;
  const store: Store = { root: directory, uploads: new Map() };
  const [account = '', ...name] = path.split('/');
  const kind = owner === 'Organization' ? 'orgs' : 'users';
  const base = `/api/v3/${kind}/${account}/packages/container/${encodeURIComponent(name.join('/'))}`;
  const api = await startApi(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://api');
    if (pathname === `/api/v3/users/${account}`) return json(response, 200, { login: account, type: owner });
    if (!pathname.startsWith(base)) return json(response, 404, { message: 'Not Found' });
    const versions = await readVersions(store, path);
    if (versions.length === 0) return json(response, 404, { message: 'Package not found.' });
    const [, rest = ''] = pathname.split(base);
    if (request.method === 'GET' && rest === '/versions') {
      const page = Number(searchParams.get('page') ?? 1);
      const more = versions.length > page * pageSize;
      const link = `<${api.url.replace('/api/v3', '')}${base}/versions?page=${page + 1}>; rel="next"`;
      response.setHeader('link', more ? link : '');
      return json(response, 200, versions.slice((page - 1) * pageSize, page * pageSize));
    }
    return deleteOne(request, response, { store, path, versions, rest });
  });
  return api;
}

type Version = Awaited<ReturnType<typeof readVersions>>[number];

async function readVersions(store: Store, path: string) {
  const names = await listDirectory(dirname(tagPath(store, path, 'any')));
  const tags = await Promise.all(names.map(async tag => [tag, await readIfAny(tagPath(store, path, tag))] as const));
  const hexes = await listDirectory(dirname(manifestPath(store, path, 'sha256:any')));
  return hexes.map(hex => {
    const container = { tags: tags.filter(([, digest]) => digest === `sha256:${hex}`).map(([tag]) => tag) };
    const metadata = { package_type: 'container', container };
    return { id: Number.parseInt(hex.slice(0, 12), 16), name: `sha256:${hex}`, metadata };
  });
}

async function deleteOne(
  { method }: IncomingMessage,
  response: ServerResponse,
  { store, path, versions, rest }: { store: Store; path: string; versions: readonly Version[]; rest: string },
) {
  const version = versions.find(({ id }) => rest === `/versions/${id}`);
  const toDelete = rest === '' ? versions : version === undefined ? [] : [version];
  if (method !== 'DELETE' || toDelete.length === 0) return json(response, 404, { message: 'Not Found' });
  const isTagged = ({ metadata }: Version) => metadata.container.tags.length > 0;
  const isLast = rest !== '' && toDelete.some(isTagged) && versions.filter(isTagged).length === 1;
  if (isLast || (rest !== '' && versions.length === 1)) {
    const message = 'You cannot delete the last tagged version of a package. You must delete the package instead.';
    return json(response, 400, { message });
  }
  for (const { name, metadata } of toDelete) {
    await rm(manifestPath(store, path, name));
    for (const tag of metadata.container.tags) await rm(tagPath(store, path, tag));
  }
  response.writeHead(204).end();
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
