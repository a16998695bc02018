import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { messageOf } from '../../src/lib/failure.ts';
import { download, isUnreachable } from '../../src/nix/download.ts';
import { type ServerFaults, startReleaseServer } from '../support/release-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const content = randomBytes(300_000);
const waits = { first: 1, longest: 1 };

async function openServer(t: TestContext, faults?: ServerFaults) {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'file'), content);
  const server = await startReleaseServer(directory, faults);
  t.after(() => server.close());
  return server;
}

async function readAll(url: string) {
  const retries: string[] = [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of download(url, { env: {}, onRetry: error => retries.push(messageOf(error)), waits })) {
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), retries };
}

test('a file comes whole', async t => {
  const { url, ranges } = await openServer(t);
  assert.deepEqual(await readAll(`${url}/file`), { bytes: content, retries: [] });
  assert.deepEqual(ranges, ['']);
});

test('an interrupted transfer resumes', async t => {
  const { url, ranges } = await openServer(t, { breakAfter: [100_000, 0, 50_000] });
  const { bytes, retries } = await readAll(`${url}/file`);
  assert.deepEqual(bytes, content);
  assert.equal(retries.length, 3);
  assert.deepEqual(ranges, ['', 'bytes=100000-', 'bytes=100000-', 'bytes=150000-']);
});

test('a server without ranges sends everything again, and the known part is skipped', async t => {
  const { url } = await openServer(t, { breakAfter: [100_000, 50_000], ignoresRanges: true });
  assert.deepEqual((await readAll(`${url}/file`)).bytes, content);
});

test('after five tries without a byte more it ends', async t => {
  const { url, ranges } = await openServer(t, { breakAfter: [100_000, 0, 0, 0, 0, 0, 0] });
  await assert.rejects(readAll(`${url}/file`), { code: 'ECONNRESET' });
  assert.deepEqual(ranges, ['', ...Array(5).fill('bytes=100000-')].slice(0, 5));
});

test('redirects are followed, errors that pass are tried again, others are not', async t => {
  const answers: [number, Record<string, string>?][] = [[503], [302, { location: '/file' }], [429], [200]];
  const server = createServer((_request, response) => {
    const [status, headers] = answers.shift() ?? [404];
    response.writeHead(status, headers).end(status === 200 ? 'content' : '');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/start`;
  const { bytes, retries } = await readAll(url);
  assert.equal(bytes.toString(), 'content');
  assert.deepEqual(retries, ['the server answered HTTP 503', 'the server answered HTTP 429']);
  await assert.rejects(readAll(url), /^HttpError: the server answered HTTP 404$/);
});

test('an unreachable server is not tried again', async () => {
  const retries: unknown[] = [];
  const chunks = download('http://127.0.0.1:9/file', { env: {}, onRetry: error => retries.push(error), waits });
  await assert.rejects(chunks.next(), error => isUnreachable(error));
  assert.deepEqual(retries, []);
});

/** A server that takes connections and does with them what `behave` says; how many there were. */
async function openSocketServer(t: TestContext, behave: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createSocketServer(socket => {
    sockets.push(socket);
    behave(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

test('a server that stays silent for longer than the first answer may take counts as unreachable', async t => {
  const { host, sockets } = await openSocketServer(t, socket => socket.resume());
  const options = { env: {}, onRetry: assert.fail, waits, firstAnswer: 100 };
  await assert.rejects(download(`http://${host}/file`, options).next(), isUnreachable);
  assert.equal(sockets.length, 1);
});

test('a proxy that refuses the connection, or cannot be reached itself, makes the server unreachable', async t => {
  const refusing = await openSocketServer(t, socket =>
    socket.on('data', () => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')),
  );
  for (const proxy of [refusing.host, '127.0.0.1:9']) {
    const options = { env: { https_proxy: `http://${proxy}` }, onRetry: assert.fail, waits };
    await assert.rejects(download('https://releases.example.org/file', options).next(), isUnreachable, proxy);
  }
});

test('a login in the URL goes to its server and to no other', async t => {
  const seen: (string | undefined)[] = [];
  const start = async (answer: (path: string) => { status: number; location?: string }) => {
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      const { status, ...headers } = answer(request.url ?? '');
      response.writeHead(status, headers).end(status === 200 ? 'content' : '');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const other = await start(() => ({ status: 200 }));
  const own = await start(path => ({ status: 302, location: path === '/a' ? '/b' : `http://${other}/c` }));
  assert.equal(String((await readAll(`http://ci:s%2Fcret@${own}/a`)).bytes), 'content');
  const login = `Basic ${Buffer.from('ci:s/cret').toString('base64')}`;
  assert.deepEqual(seen, [login, login, undefined]);
});
