import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Failure } from '../../src/lib/failure.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { type Descriptor, mediaTypes } from '../../src/oci/blob.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { openClient } from '../../src/registry/access/client.ts';
import { downloadBlob } from '../../src/registry/content/download-blob.ts';
import { openTerminalLog } from '../../src/runtimes/terminal-log.ts';
import { openPutter } from '../support/put-content.ts';
import { type Fault, type Registry, startRegistry } from '../support/registry.ts';

const content = Array.from({ length: 40_000 }, (_, i) => String(10_000 + i)).join('');
const descriptor: Descriptor = { mediaType: mediaTypes.layerTar, digest: digestOf(content), size: content.length };
const isBlob = ({ url = '' }: IncomingMessage) => url.includes('/blobs/sha256:');

/** The part of the content that a request asks for. */
const rangeFault = ({ headers }: IncomingMessage, shift = 0): Fault | undefined => {
  const [, first] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  if (first === undefined) return undefined;
  const start = Number(first) + shift;
  const range = `bytes ${start}-${content.length - 1}/${content.length}`;
  return { status: 206, headers: { 'Content-Range': range }, body: content.slice(start) };
};

suite('a blob is written to a file', () => {
  let registry: Registry;
  let directory: string;
  let fault: (request: IncomingMessage, tried: number) => Fault | undefined;
  let tried = 0;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'download-'));
    registry = await startRegistry({
      directory,
      onRequest: request => (isBlob(request) && request.method === 'GET' ? fault(request, tried++) : undefined),
    });
    await openPutter(registry.host, 'acme/cache').blob(mediaTypes.layerTar, content);
  });
  after(async () => {
    await registry.close();
    await rm(directory, { recursive: true });
  });

  async function download(faulty: typeof fault, wanted = descriptor): Promise<string> {
    fault = faulty;
    tried = 0;
    const timeouts = { answer: 500, body: 500 };
    const transport = openTransport({ insecureHosts: [], env: {}, timeouts });
    const repository = { host: registry.host, path: 'acme/cache' };
    const client = await openClient(repository, {
      ...{
        transport,
        insecureRegistries: [],
        env: {},
        log: openTerminalLog('quiet'),
        actions: 'pull',
        mountSources: [],
      },
      waits: { first: 1, longest: 2 },
    });
    try {
      await downloadBlob(client, wanted, join(directory, 'file'));
      return await readFile(join(directory, 'file'), 'utf8');
    } finally {
      await transport.close();
    }
  }

  const faults: Record<string, { readonly fault: Fault; readonly reason: RegExp; readonly isFinal?: boolean }> = {
    'dropped at once': { fault: { dropAfter: 0 }, reason: /closed|reset|ECONN|hang up/i },
    'dropped before the answer': { fault: { cutAnswer: 'before' }, reason: /closed|reset|ECONN|hang up/i },
    'dropped half-way': { fault: { cutAnswer: 'half' }, reason: /closed|reset|ECONN|hang up/i },
    'no answer': { fault: { stall: 'answer' }, reason: /timeout/i },
    'no end': { fault: { stall: 'body' }, reason: /timeout/i },
    '429': { fault: { status: 429 }, reason: /429/ },
    '500': { fault: { status: 500 }, reason: /500/ },
    '503': { fault: { status: 503 }, reason: /503/ },
    '403': { fault: { status: 403 }, reason: /403/, isFinal: true },
    '404': { fault: { status: 404 }, reason: /404/, isFinal: true },
    'other bytes': { fault: { status: 200, body: content.replace('7', '8') }, reason: /digest or size/, isFinal: true },
    'too few bytes': { fault: { status: 200, body: content.slice(1) }, reason: /digest or size/, isFinal: true },
    'too many bytes': { fault: { status: 200, body: `${content}0` }, reason: /digest or size/, isFinal: true },
  };

  for (const [name, { fault: bad, reason, isFinal = false }] of Object.entries(faults)) {
    test(`${name}, once`, async () => {
      const downloading = download((_, tries) => (tries === 0 ? bad : undefined));
      if (isFinal) await assert.rejects(downloading, reason);
      else assert.equal(await downloading, content);
    });

    test(`${name}, for good`, () =>
      assert.rejects(
        download(() => bad),
        error => error instanceof Failure && reason.test(error.message) && error.message.includes(registry.host),
      ));
  }

  test('goes on where it stopped if the registry sends ranges', async () => {
    let range: string | undefined;
    const resumed = await download((request, tries) => {
      range = request.headers.range;
      return tries === 0 ? { pause: 700 } : rangeFault(request);
    });
    assert.equal(resumed, content);
    assert.equal(range, `bytes=${content.length / 4}-`);
  });

  test('asks for nothing more if the answer broke off after the last byte', async () => {
    const quarter = content.slice(0, content.length / 4);
    const wanted = { ...descriptor, digest: digestOf(quarter), size: quarter.length };
    const got = await download(request => {
      // The registry sends this much, and then pauses for longer than the transport waits.
      request.url = request.url?.replace(wanted.digest, descriptor.digest) ?? '';
      return { pause: 700 };
    }, wanted);
    assert.equal(got, quarter);
    assert.equal(tried, 1);
  });

  test('refuses another part than it asked for', () =>
    assert.rejects(
      download((request, tries) => (tries === 0 ? { pause: 700 } : rangeFault(request, 1))),
      /another part/,
    ));
});
