import assert from 'node:assert/strict';
import { type IncomingMessage, request as openRequest } from 'node:http';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { serveEntries } from '../../../src/cache/serve/serve-entries.ts';
import { openTerminalLog } from '../../../src/runtimes/terminal-log.ts';
import { makeSample } from '../../support/streams.ts';
import type { Cleaned } from '../../support/temporary-directory.ts';
import { openMadeEntry, pathOf } from '../oci/made-entry.ts';

const small = { b: makeSample(5000), c: makeSample(300) };
const large = makeSample(5 << 20);

async function openServer(t: Cleaned) {
  const made = await openMadeEntry(t, { ...small, a: large });
  const warnings: string[] = [];
  const log = { ...openTerminalLog('quiet'), warning: (text: string) => void warnings.push(text) };
  const server = await serveEntries([made.entry], { port: 0, log });
  t.after(() => server.close());
  const ask = async (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') => {
    const request = openRequest(`${server.url}/${path}`, { method, headers, agent: false });
    const [response] = await Promise.all([
      new Promise<IncomingMessage>((resolve, reject) => {
        request.once('response', resolve).once('error', reject);
      }),
      request.end(),
    ]);
    return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
  };
  return { ...made, ask, warnings, url: server.url };
}

const narOf = (name: string) => `nar/${basename(pathOf(name)).slice(0, 32)}.nar`;

test('parts of a NAR', async t => {
  const { ask } = await openServer(t);
  const parts = [
    ['a', 'bytes=0-', large],
    ['a', 'bytes=2097151-2097152', large.subarray(2097151, 2097153)],
    ['a', 'bytes=4194304-4194304', large.subarray(4194304, 4194305)],
    ['a', 'bytes=-1', large.subarray(-1)],
    ['a', 'bytes=1-99999999', large.subarray(1)],
    ['b', 'bytes=10-19', small.b.subarray(10, 20)],
    ['c', 'bytes=299-', small.c.subarray(299)],
  ] as const;
  for (const [name, range, expected] of parts) {
    const { status, headers, body } = await ask(narOf(name), { range });
    assert.equal(status, 206, range);
    assert.equal(headers['content-length'], String(expected.length), range);
    assert.ok(body.equals(expected), range);
  }
  // Several ranges, a unit that is not bytes, or a validator, which none of ours matches.
  for (const headers of [
    { range: 'bytes=0-1,5-6' },
    { range: 'lines=1-2' },
    { range: 'bytes=1-', 'if-range': '"x"' },
  ]) {
    const { status, body } = await ask(narOf('b'), headers);
    assert.deepEqual([status, body.equals(small.b)], [200, true]);
  }
  const head = await ask(narOf('a'), { range: 'bytes=5-9' }, 'HEAD');
  assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [200, String(large.length), 0]);
});

test('a NAR that the registry has lost is not there; one that it does not send now is an error', async t => {
  const { ask, setting, isBlob, warnings } = await openServer(t);
  setting.fault = request => (isBlob(request) ? { status: 404 } : undefined);
  assert.equal((await ask(narOf('a'))).status, 404);
  setting.fault = request => (isBlob(request) ? { status: 200, body: 'x' } : undefined);
  assert.equal((await ask(narOf('a'))).status, 404);
  setting.fault = request => (isBlob(request) ? { status: 503 } : undefined);
  assert.equal((await ask(narOf('a'))).status, 502);
  assert.equal(warnings.length, 3);
  setting.fault = () => undefined;
  assert.ok((await ask(narOf('a'))).body.equals(large));
});

test('a client that leaves is no fault', async t => {
  const { url, ask, warnings, setting, isBlob } = await openServer(t);
  setting.fault = request => (isBlob(request) ? { pause: 20 } : undefined);
  const leave = (event: 'socket' | 'response') =>
    new Promise<void>(resolve => {
      const request = openRequest(`${url}/${narOf('a')}`, { agent: false });
      request.once(event, () => setTimeout(() => request.destroy(), 10)).once('close', resolve);
      request.on('error', () => {}).end();
    });
  await leave('socket');
  await leave('response');
  assert.ok((await ask(narOf('a'))).body.equals(large));
  assert.deepEqual(warnings, []);
});

test('a port that is taken', async t => {
  const { url, entry } = await openServer(t);
  const { port } = new URL(url);
  await assert.rejects(serveEntries([entry], { port: Number(port), log: openTerminalLog('quiet') }), {
    name: 'Failure',
    message: new RegExp(`^Cannot listen on port ${port}: .*EADDRINUSE.* Give another --port, or none\\.$`),
  });
});
