import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReleasesSite {
  /** Of the bucket's listing; the releases lie below `${url}/nix`. */
  readonly url: string;
  close(): Promise<void>;
}

/** By version, the checksums of archives by system. */
export type Releases = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Upstream's releases on loopback: the bucket, which lists the versions in two pages, and the checksums of archives. */
export async function startReleasesSite(releases: Releases): Promise<ReleasesSite> {
  const versions = Object.keys(releases);
  const half = Math.ceil(versions.length / 2);
  const page = (names: readonly string[], next = '') =>
    `<?xml version="1.0"?><ListBucketResult><Prefix>nix/nix-</Prefix>${names
      .map(name => `<CommonPrefixes><Prefix>nix/nix-${name}/</Prefix></CommonPrefixes>`)
      .join('')}${next}</ListBucketResult>`;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (searchParams.get('list-type') === '2') {
      const isSecond = searchParams.get('continuation-token') === 'a+b=';
      const token = '<NextContinuationToken>a+b=</NextContinuationToken>';
      return response.end(isSecond ? page(versions.slice(half)) : page(versions.slice(0, half), token));
    }
    const [, version = '', system = ''] = /\/nix-([^-/]+)-([^/]+)\.tar\.xz\.sha256$/.exec(pathname) ?? [];
    const checksum = releases[version]?.[system];
    return response.writeHead(checksum === undefined ? 404 : 200).end(checksum);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
