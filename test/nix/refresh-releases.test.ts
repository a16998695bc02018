import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/lib/process.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const script = fileURLToPath(new URL('../../scripts/refresh-releases.ts', import.meta.url));

const digits = (digit: string) => digit.repeat(64);
const known = { '2.28.3': { 'x86_64-linux': digits('1'), 'aarch64-linux': digits('2') } };

/** Checksums by file name. */
type Files = Readonly<Record<string, string>>;

const files: Files = {
  'nix-2.28.3-x86_64-linux': digits('1'),
  'nix-2.28.3-aarch64-linux': digits('2'),
  'nix-2.28.10-x86_64-linux': digits('3'),
  'nix-2.28.10-aarch64-linux': digits('4'),
  'nix-2.35.1-x86_64-linux': `${digits('5')}\n`,
  'nix-2.35.1-aarch64-linux': digits('6'),
  'nix-2.36.0-x86_64-linux': digits('7'),
};

/** The bucket, in two pages, and the server before it. */
async function startServer(t: TestContext, served: Files): Promise<string> {
  const versions = ['2.3.16', '2.28.3', '2.28.10', '2.28.9', '2.35.1', '2.36.0', '2.37pre1_abc'];
  const page = (names: readonly string[], next = '') =>
    `<?xml version="1.0"?><ListBucketResult><Prefix>nix/nix-</Prefix>${names
      .map(name => `<CommonPrefixes><Prefix>nix/nix-${name}/</Prefix></CommonPrefixes>`)
      .join('')}${next}</ListBucketResult>`;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (searchParams.get('list-type') === '2') {
      const isSecond = searchParams.get('continuation-token') === 'a+b=';
      const token = '<NextContinuationToken>a+b=</NextContinuationToken>';
      return response.end(isSecond ? page(versions.slice(3)) : page(versions.slice(0, 3), token));
    }
    const checksum = served[/([^/]+)\.tar\.xz\.sha256$/.exec(pathname)?.[1] ?? ''];
    return response.writeHead(checksum === undefined ? 404 : 200).end(checksum);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function refresh(t: TestContext, served: Files) {
  const table = join(await temporaryDirectory(t), 'releases.json');
  await writeFile(table, JSON.stringify(known));
  const url = await startServer(t, served);
  const result = await runProgram(process.execPath, [script, table, url, `${url}/nix`]);
  return { ...result, table: JSON.parse(await readFile(table, 'utf8')) };
}

test('the newest of each series since the oldest known one is added, and what was known stays', async t => {
  const { code, stdout, table } = await refresh(t, files);
  assert.equal(code, 0);
  assert.deepEqual(Object.keys(table), ['2.35.1', '2.28.10', '2.28.3']);
  assert.deepEqual(table['2.35.1'], { 'x86_64-linux': digits('5'), 'aarch64-linux': digits('6') });
  assert.match(stdout, /^Nix 2\.36\.0 is left out/m);
  assert.match(stdout, /^Nix 2\.28\.10 is new\.$/m);
});

test('a checksum that is not the known one is an error, and nothing is written', async t => {
  const { code, stderr, table } = await refresh(t, { ...files, 'nix-2.28.3-aarch64-linux': digits('9') });
  assert.equal(code, 1);
  assert.match(stderr, /^Nix 2\.28\.3 for aarch64-linux has the SHA-256 2{64} in .*, and 9{64} at /);
  assert.deepEqual(table, known);
});

test('what is no checksum is an error', async t => {
  const { code, stderr } = await refresh(t, { ...files, 'nix-2.35.1-x86_64-linux': '<html>' });
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot use http:\S+: "<html>" is no SHA-256\.$/m);
});
