import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { lateActionsClient } from '../scripts/late-actions-client.ts';
import { runProgram } from '../src/lib/process.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const root = new URL('..', import.meta.url).pathname;

test('@actions/core in a bundle gets an OIDC token, and loads the HTTP client only for that', async t => {
  const requests: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url, request.headers.authorization);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ value: 'header.payload.signature' }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const outdir = await temporaryDirectory(t);
  const { metafile } = await build({
    stdin: {
      contents: "import { getIDToken } from '@actions/core';\nconsole.log(await getIDToken('sts'));",
      resolveDir: root,
      sourcefile: 'entry.js',
    },
    outdir,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    metafile: true,
    plugins: [lateActionsClient],
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
  const { port } = server.address() as AddressInfo;
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2`,
  };
  const { code, stdout, stderr } = await runProgram(process.execPath, [join(outdir, 'stdin.mjs')], { env });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^::add-mask::header\.payload\.signature\nheader\.payload\.signature\n$/m);
  assert.deepEqual(requests, ['/token?api-version=2&audience=sts', 'Bearer request-token']);
  const [entry] = Object.entries(metafile.outputs).find(([path]) => path.endsWith('stdin.mjs')) ?? [];
  const inputs = Object.keys(metafile.outputs[entry ?? '']?.inputs ?? {});
  assert.ok(inputs.some(path => path.includes('@actions/core')));
  assert.ok(!inputs.some(path => path.includes('undici')));
});
