import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { createCertificate } from '../support/certificate.ts';
import { failureWith } from '../support/failure.ts';
import { openProxy } from '../support/proxy.ts';
import { type Fault, type RegistryOptions, startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { imageOf, layerOf, type PushOptions, pushImage } from './push-image.ts';

const login = { username: 'user', password: 'password' };
const image = imageOf([layerOf('a', 1000)]);

async function openRegistry(t: TestContext, options: Omit<RegistryOptions, 'directory'> = {}) {
  const registry = await startRegistry({ ...options, directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  return registry;
}

async function push(t: TestContext, host: string, options: Omit<PushOptions, 'tags'> = {}) {
  return pushImage(image, await temporaryDirectory(t), { tags: [`${host}/acme/app:1`], ...options });
}

/** A failure with these parts, none of the others in it, and no full stop twice. */
function saying(parts: readonly string[], others: readonly string[] = []) {
  return (error: unknown) => {
    failureWith(...parts)(error);
    const { message } = error as Error;
    for (const other of [...others, '..']) assert.ok(!message.includes(other), `"${other}" is in: ${message}`);
    return true;
  };
}

suite('certificates', () => {
  for (const [name, options, parts, others] of [
    ['expired', { days: [-3, -1] }, ['has expired (CERT_HAS_EXPIRED)', 'clock'], ['SSL_CERT_FILE']],
    ['not yet valid', { days: [1, 3] }, ['not valid yet (CERT_NOT_YET_VALID)', 'clock'], ['SSL_CERT_FILE']],
    [
      'for another host',
      { subjectAltName: 'DNS:other.example.org' },
      ['for another host (DNS:other.example.org)', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['SSL_CERT_FILE'],
    ],
  ] as const) {
    test(`one that is ${name} is named so`, async t => {
      const tls = await createCertificate(options);
      const registry = await openRegistry(t, { tls });
      const file = join(await temporaryDirectory(t), 'ca.pem');
      await writeFile(file, tls.cert);
      const pushing = push(t, registry.host, { env: { SSL_CERT_FILE: file } });
      await assert.rejects(pushing, saying([`Cannot trust ${registry.host}: its certificate`, ...parts], others));
      assert.equal(registry.requests.length, 0);
    });
  }

  test('one of a token service is not blamed on the registry', async t => {
    const tokens = await openRegistry(t, { tls: await createCertificate() });
    const headers = { 'WWW-Authenticate': `Bearer realm="https://${tokens.host}/token"` };
    const registry = await openRegistry(t, { onRequest: () => ({ status: 401, headers }) });
    await assert.rejects(push(t, registry.host, { login }), saying([`Cannot trust ${tokens.host}: `], [registry.host]));
  });

  test('a SSL_CERT_FILE that is not there is the error of a registry on loopback too', async t => {
    const registry = await openRegistry(t, { tls: await createCertificate() });
    const pushing = push(t, registry.host, { env: { SSL_CERT_FILE: '/nonexistent/ca.pem' } });
    await assert.rejects(pushing, saying(['Cannot read SSL_CERT_FILE=/nonexistent/ca.pem', 'ENOENT'], ['400']));
  });

  test('any is taken for a host that insecure-registries names, whatever its case and its default port', async t => {
    const registry = await openRegistry(t, { tls: await createCertificate({ days: [-3, -1] }) });
    const proxy = await openProxy(t, Number(registry.host.split(':')[1]));
    const env = { HTTPS_PROXY: proxy.host };
    for (const [host, insecure] of [
      ['registry.example.org', 'Registry.Example.ORG:443'],
      ['registry.example.org:443', 'registry.example.org'],
    ] as const) {
      assert.equal((await push(t, host, { env, insecure: [insecure] })).outcomes.length, 2);
    }
    await assert.rejects(push(t, 'registry.example.org', { env, insecure: ['registry.example.org:444'] }));
  });

  test('NODE_EXTRA_CA_CERTS counts in addition to SSL_CERT_FILE', async t => {
    const [tls, other] = [await createCertificate(), await createCertificate()];
    const registry = await openRegistry(t, { tls });
    const directory = await temporaryDirectory(t);
    const [file, extra] = [join(directory, 'ca.pem'), join(directory, 'extra.pem')];
    await writeFile(file, other.cert);
    await writeFile(extra, tls.cert);
    const env = { SSL_CERT_FILE: file, NODE_EXTRA_CA_CERTS: extra };
    assert.deepEqual((await push(t, registry.host, { env })).outcomes, ['uploaded', 'uploaded']);
  });
});

suite('reaching a registry', () => {
  test('a port where nothing listens is named at once', async t => {
    const registry = await openRegistry(t);
    await registry.close();
    const start = performance.now();
    const pushing = push(t, registry.host, { waits: { first: 2000, longest: 2000 } });
    await assert.rejects(pushing, saying([`nothing listens on ${registry.host}`, 'the host and the port']));
    assert.ok(performance.now() - start < 2000);
  });

  test('one that falls silent for good is asked twice', async t => {
    const registry = await openRegistry(t, { onRequest: () => ({ stall: 'request' }) });
    const timeouts = { answer: 60_000, quickAnswer: 200, body: 200 };
    await assert.rejects(push(t, registry.host, { timeouts }), saying(['Timeout: no answer of', 'after 0.2 s']));
    assert.equal(registry.requests.length, 2);
  });

  test('one that only takes connections is too', async t => {
    let connections = 0;
    const server = createServer(socket => {
      connections += 1;
      t.after(() => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const timeouts = { answer: 60_000, quickAnswer: 200, body: 200 };
    await assert.rejects(push(t, host, { timeouts }), saying([`Cannot reach ${host}/acme/app`, 'Timeout']));
    assert.equal(connections, 2);
  });

  test('a server without /v2/ is no registry', async t => {
    const registry = await openRegistry(t, { onRequest: () => ({ status: 404, body: '<html>Not found.</html>' }) });
    await assert.rejects(push(t, registry.host), saying([`Cannot use ${registry.host} as a registry`, 'no /v2/']));
  });

  test('headers of over 16 KiB are refused at once', async t => {
    const headers = { 'WWW-Authenticate': `Bearer realm="https://${'x'.repeat(20_000)}"` };
    const registry = await openRegistry(t, { onRequest: () => ({ status: 401, headers }) });
    await assert.rejects(
      push(t, registry.host),
      saying([`Cannot use ${registry.host}`, 'more than 16 KiB of headers']),
    );
  });

  for (const status of [520, 522, 524]) {
    test(`${status} is tried again`, async t => {
      const statuses = [status];
      const onRequest = ({ method }: IncomingMessage): Fault | undefined => {
        const next = method === 'PUT' ? statuses.shift() : undefined;
        return next === undefined ? undefined : { status: next };
      };
      const registry = await openRegistry(t, { onRequest });
      assert.deepEqual((await push(t, registry.host)).outcomes, ['uploaded', 'uploaded']);
    });
  }
});

suite('logging in', () => {
  const closed = (token: Fault) => ({
    auth: { kind: 'bearer', user: login.username, password: login.password } as const,
    onRequest: ({ url = '' }: IncomingMessage) => (url.startsWith('/token') ? token : undefined),
  });

  for (const [name, token, parts] of [
    [
      '403 of the token service',
      { status: 403, body: '{"errors":[{"code":"DENIED","message":"denied."}]}' },
      ['denied. The registry does not accept this login', 'Check username and password'],
    ],
    ['an empty token', { status: 200, body: '{"token":""}' }, ['sent an empty token']],
    ['no token', { status: 200, body: '[]' }, ['sent no token']],
    [
      'a token with characters that are not allowed in a header',
      { status: 200, body: '{"token":"a\\r\\nb"}' },
      ['characters that are not allowed in a header'],
    ],
  ] as const) {
    test(`${name} is named so`, async t => {
      const registry = await openRegistry(t, closed(token));
      await assert.rejects(push(t, registry.host, { login }), saying(['Cannot log in to', ...parts]));
    });
  }

  test('a token that covers no push is a matter of rights, not of the password', async t => {
    const registry = await openRegistry(t, {
      ...closed({ status: 404 }),
      onRequest: (request: IncomingMessage) => {
        request.url = request.url?.replaceAll('pull%2Cpush', 'pull') ?? '';
        return undefined;
      },
    });
    await assert.rejects(push(t, registry.host, { login }), saying(['401', 'no permission to push here'], ['Log in']));
  });

  test("what a registry says stays one of the message's parts", async t => {
    const errors = Array.from({ length: 1000 }, () => ({ code: '\u001b[31mX'.repeat(1000), message: { a: 1 } }));
    const registry = await openRegistry(t, {
      onRequest: ({ method }) => (method === 'POST' ? { status: 400, body: JSON.stringify({ errors }) } : undefined),
    });
    await assert.rejects(push(t, registry.host), (error: Error) => {
      assert.ok(error.message.length < 1000);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are the point.
      assert.doesNotMatch(error.message, /[\0-\x1f]/);
      return true;
    });
  });
});
