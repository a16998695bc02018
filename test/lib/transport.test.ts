import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createPlainServer, type Socket } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBrokenConnection } from '../../src/lib/http/retry.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { createCertificate } from '../support/certificate.ts';
import { failureWith } from '../support/failure.ts';

async function openServer(t: TestContext, listener: RequestListener, host = '127.0.0.1') {
  const sockets: Socket[] = [];
  const server = createServer(listener).on('connection', socket => sockets.push(socket));
  server.listen(0, host);
  await once(server, 'listening');
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}/`), sockets };
}

function open(t: TestContext, timeouts = { answer: 5000, body: 5000 }, env = {}) {
  const transport = openTransport({ insecureHosts: [], env, timeouts });
  t.after(() => transport.close());
  return transport;
}

/** A body that never comes to its end by itself, and tells of it when it is closed. */
function endlessBody(chunk = Buffer.alloc(64 << 10)) {
  const state = { asked: 0, isClosed: false };
  async function* chunks() {
    try {
      for (;;) {
        state.asked += 1;
        yield chunk;
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { state, body: { size: 1 << 30, open: chunks } };
}

suite('connections', () => {
  /** Closes the first connection when the second request comes on it, as one would that had been idle for too long. */
  const closing = () => {
    const seen = new Map<Socket, number>();
    const listener: RequestListener = (request, response) => {
      seen.set(request.socket, (seen.get(request.socket) ?? 0) + 1);
      if (seen.size === 1 && seen.get(request.socket) === 2) request.socket.destroy();
      else response.end('answer');
    };
    return listener;
  };

  test('one that was closed while it was idle is replaced', async t => {
    const { url, sockets } = await openServer(t, closing());
    const { send } = open(t);
    await (await send({ method: 'GET', url })).discard();
    const response = await send({ method: 'GET', url });
    assert.equal(String(await response.bytes(100)), 'answer');
    assert.equal(sockets.length, 2);
  });

  test('an answer without content leaves its connection to the next request', async t => {
    const { url, sockets } = await openServer(
      t,
      (_, response) => void response.writeHead(200, { 'content-length': 0 }).end(),
    );
    const { send } = open(t);
    for (const method of ['HEAD', 'GET', 'HEAD'] as const) await (await send({ method, url })).discard();
    assert.equal(sockets.length, 1);
  });

  test('content is not sent twice by itself', async t => {
    const { url, sockets } = await openServer(t, closing());
    const { send } = open(t);
    await (await send({ method: 'GET', url })).discard();
    const body = {
      size: 1,
      async *open() {
        yield Buffer.alloc(1);
      },
    };
    await assert.rejects(send({ method: 'POST', url, body }), isBrokenConnection);
    assert.equal(sockets.length, 1);
  });

  test('one is enough for requests in turn, with and without content', async t => {
    const { url, sockets } = await openServer(t, async (request, response) => {
      await request.toArray();
      // As registries do: without it the end of an answer to HEAD is that of its connection.
      response.setHeader('content-length', 6);
      response.end('answer');
    });
    const { send } = open(t);
    const body = {
      size: 3 << 20,
      async *open() {
        for (let index = 0; index < 3; index++) yield Buffer.alloc(1 << 20);
        // Slow to say that it is done.
        await sleep(20);
      },
    };
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PUT', 'POST'] as const) {
      const response = await send({ method, url, ...(method.startsWith('P') ? { body } : {}) });
      await response.discard();
    }
    assert.equal(sockets.length, 1);
  });

  test('IPv6', async t => {
    const { url } = await openServer(t, (request, response) => response.end(request.headers.host), '::1');
    assert.equal(String(await (await open(t).send({ method: 'GET', url })).bytes(100)), url.host);
  });

  test('nothing keeps the process alive after close, and nothing is sent any more', async t => {
    const { url } = await openServer(t, () => {});
    const transport = open(t);
    const sending = transport.send({ method: 'GET', url });
    await sleep(50);
    await transport.close();
    await assert.rejects(sending, isBrokenConnection);
    await assert.rejects(transport.send({ method: 'GET', url }), /closed/);
  });
});

suite('bodies', () => {
  test('an answer that comes early counts, and the body is closed', async t => {
    const { url, sockets } = await openServer(t, (request, response) => {
      if (request.method === 'PUT') response.writeHead(413).end('too large');
      else response.end();
    });
    const { send } = open(t);
    const { state, body } = endlessBody();
    const response = await send({ method: 'PUT', url, body });
    assert.equal(response.status, 413);
    assert.equal(String(await response.bytes(100)), 'too large');
    await sleep(20);
    assert.ok(state.isClosed);
    await (await send({ method: 'GET', url })).discard();
    assert.equal(sockets.length, 2, 'the first one has half a body in it');
  });

  test('one that nobody takes in is closed, and little of it was asked for', async t => {
    const server = createPlainServer(socket => socket.pause()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const transport = open(t, { answer: 200, body: 200 });
    const { state, body } = endlessBody();
    await assert.rejects(transport.send({ method: 'PUT', url, body }), { message: /^Timeout: no answer of 127/ });
    await sleep(20);
    assert.ok(state.isClosed);
    assert.ok(state.asked < 200, `${state.asked} chunks`);
    await transport.close();
  });

  test('an error of its own is the error', async t => {
    const { url } = await openServer(t, () => {});
    const body = {
      size: 10,
      async *open() {
        yield Buffer.alloc(5);
        throw new Error('cannot be read');
      },
    };
    await assert.rejects(open(t).send({ method: 'PUT', url, body }), /^Error: cannot be read$/);
  });

  for (const size of [4, 6]) {
    test(`one of another size than was said, ${size} instead of 5`, async t => {
      const { url } = await openServer(t, () => {});
      const body = {
        size: 5,
        async *open() {
          for (let index = 0; index < size; index++) yield Buffer.alloc(1);
        },
      };
      const sending = open(t, { answer: 500, body: 500 }).send({ method: 'PUT', url, body });
      if (size === 4) await assert.rejects(sending, /a body of 5 bytes provided 4/);
      else await assert.rejects(sending, Error);
    });
  }
});

suite('answers', () => {
  test('several headers of a name are one', async t => {
    const { url } = await openServer(t, (_, response) => {
      response.writeHead(200, { Link: ['<a>', '<b>'], Location: '/there' }).end();
    });
    const response = await open(t).send({ method: 'GET', url });
    assert.equal(response.header('link'), '<a>, <b>');
    assert.equal(response.header('location'), '/there');
    assert.equal(response.header('etag'), undefined);
  });

  test('one that is cut off is a broken connection', async t => {
    const { url } = await openServer(t, (request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => request.socket.destroy(), 20);
    });
    const { send } = open(t);
    const isCut = { message: 'the connection was closed before the end of an answer', code: 'ECONNRESET' };
    await assert.rejects((await send({ method: 'GET', url })).bytes(100), isCut);
    const response = await send({ method: 'GET', url });
    await sleep(40);
    await assert.rejects(response.bytes(100), isCut, 'also before it is read');
    assert.equal(String(await (await send({ method: 'GET', url })).bytes(4)), 'half', 'more is not wanted');
  });

  test('a reader may take its time, the other side may not', async t => {
    const { url } = await openServer(t, (_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      setTimeout(() => response.write('more'), 30);
    });
    const { body } = await open(t, { answer: 100, body: 100 }).send({ method: 'GET', url });
    const chunks: string[] = [];
    const reading = (async () => {
      for await (const chunk of body) {
        chunks.push(String(chunk));
        await sleep(150);
      }
    })();
    await assert.rejects(reading, error => /^Error: Timeout: no end/.test(String(error)) && isBrokenConnection(error));
    assert.deepEqual(chunks, ['half', 'more']);
  });
});

test('a name that leads to this machine is refused where the internet has led to it', async t => {
  const { url } = await openServer(t, (_, response) => response.end());
  const named = new URL(`http://localhost:${url.port}`);
  const { send } = open(t);
  await (await send({ method: 'GET', url: named })).discard();
  const sending = send({ method: 'GET', url: named, isPublicOnly: true });
  await assert.rejects(sending, failureWith('Cannot follow a redirect to localhost: it resolves to'));
});

suite('proxies', () => {
  test('one that says no is named without its password', async t => {
    const { url: proxy } = await openServer(t, () => {});
    const answering = createServer().on('connect', (_, socket) => socket.end('HTTP/1.1 407 No\r\n\r\n'));
    answering.listen(0, '127.0.0.1');
    await once(answering, 'listening');
    t.after(() => answering.close());
    proxy.port = String((answering.address() as AddressInfo).port);
    const env = { HTTPS_PROXY: `http://me:s3cret@${proxy.host}` };
    const sending = open(t, undefined, env).send({ method: 'GET', url: new URL('https://example.org/') });
    await assert.rejects(sending, {
      message: `Cannot reach example.org:443: the proxy ${proxy.host} answered HTTP 407. Check the login in HTTPS_PROXY.`,
    });
  });
});

suite('a proxy that cannot be used is not blamed on the server behind it', () => {
  const url = new URL('https://registry.example.org/v2/');
  const plain = new URL('http://registry.example.org/v2/');
  const refused = async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise(resolve => server.close(resolve));
    return `127.0.0.1:${port}`;
  };
  const isSaid =
    (...parts: readonly string[]) =>
    (error: unknown) => {
      assert.ok(!String(error).includes('registry.example.org') && !String(error).includes('s3cret'), String(error));
      return failureWith(...parts, 'HTTPS_PROXY')(error);
    };

  test('nothing listens', async t => {
    const proxy = await refused();
    const env = { HTTPS_PROXY: `http://me:s3cret@${proxy}`, HTTP_PROXY: proxy };
    const { send } = open(t, undefined, env);
    for (const each of [url, plain]) {
      const sending = send({ method: 'GET', url: each });
      await assert.rejects(sending, isSaid(`Cannot reach the proxy ${proxy}: nothing listens`));
    }
  });

  test('its certificate', async t => {
    const registry = createTlsServer(await createCertificate({ days: [-3, -1] })).listen(0, '127.0.0.1');
    await once(registry, 'listening');
    t.after(() => registry.close());
    const proxy = `https://127.0.0.1:${(registry.address() as AddressInfo).port}`;
    const { send } = open(t, undefined, { HTTPS_PROXY: proxy, HTTP_PROXY: proxy });
    for (const each of [url, plain]) {
      await assert.rejects(
        send({ method: 'GET', url: each }),
        isSaid('Cannot trust the proxy 127.0.0.1:', 'certificate'),
      );
    }
  });

  test('no TLS', async t => {
    const { url: server } = await openServer(t, (_, response) => response.end());
    const { send } = open(t, undefined, { HTTPS_PROXY: `https://${server.host}` });
    await assert.rejects(send({ method: 'GET', url }), isSaid(`Cannot speak TLS to the proxy ${server.host}`));
  });

  test('a body that cannot be read is not blamed on it', async t => {
    const { url: server } = await openServer(t, () => {});
    const body = {
      size: 10,
      async *open() {
        yield Buffer.alloc(5);
        throw Object.assign(new Error('cannot be read'), { code: 'EIO' });
      },
    };
    const sending = open(t, undefined, { HTTP_PROXY: server.host }).send({ method: 'PUT', url: plain, body });
    await assert.rejects(sending, /^Error: cannot be read$/);
  });
});

test('node:https is not loaded for plain http', () => {
  const program = `
    import { createServer } from 'node:http';
    import { openTransport } from '${new URL('../../src/lib/http/transport.ts', import.meta.url)}';
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1', async () => {
      const transport = openTransport({ insecureHosts: [], env: {} });
      const url = new URL('http://127.0.0.1:' + server.address().port);
      await (await transport.send({ method: 'GET', url })).discard();
      await transport.close();
      server.close();
      console.log(process.moduleLoadList.includes('NativeModule https'));
    });`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  assert.equal(output.trim(), 'false');
});
