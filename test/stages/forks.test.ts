import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { archive } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { type Fault, type RegistryOptions, startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runMode, type Texts } from './run-mode.ts';

const restricted = { context: { isRestricted: true } };
const refusal = (status: number, code: string): Fault => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ errors: [{ code, message: 'on purpose' }] }),
});
const denied: RegistryOptions['onRequest'] = ({ method }) => (method === 'POST' ? refusal(403, 'DENIED') : undefined);

async function open(t: TestContext, options: Partial<RegistryOptions> = {}) {
  const registry = await startRegistry({ directory: await temporaryDirectory(t), ...options });
  t.after(() => registry.close());
  const tags = `${registry.host}/acme/app:pr-12`;
  const texts: Texts = { path: archive('layered.tar.gz'), created: '0', push: 'true', tags };
  const isUntouched = () => registry.requests.every(({ method }) => method !== 'PUT' && method !== 'PATCH');
  return { registry, tags, texts, isUntouched };
}

suite('the run of a fork, whose token only reads', () => {
  test('pushes nothing, writes a layout, says so, and ends well', async t => {
    const { texts, isUntouched } = await open(t, { onRequest: denied });
    const { image, outputs, lines } = await runMode(t, texts, restricted);
    assert.ok(isUntouched());
    assert.equal(image.pushed, false);
    assert.equal(outputs.tags, '');
    const { layout = '' } = outputs;
    const seen = JSON.parse(await run('skopeo', ['inspect', `oci:${layout}`]));
    assert.equal(seen.Digest, outputs.digest);
    const [warning = ''] = lines.filter(line => line.startsWith('warning: Not pushed'));
    for (const part of ['403 DENIED', layout, 'push-layout action']) assert.ok(warning.includes(part), part);
  });

  test('the layout is what output says, if that is one', async t => {
    const { texts } = await open(t, { onRequest: denied });
    const directory = await temporaryDirectory(t);
    for (const kind of ['oci', 'oci-archive', 'docker-archive']) {
      const path = join(directory, kind);
      const { outputs } = await runMode(t, { ...texts, output: `${kind}:${path}` }, restricted);
      assert.ok(existsSync(path));
      assert.equal(outputs.layout === path, kind !== 'docker-archive');
      assert.ok(existsSync(outputs.layout ?? ''));
    }
  });

  test('one repository of two that refuses is enough: all or nothing', async t => {
    const { texts, registry, isUntouched } = await open(t, {
      onRequest: ({ method, url = '' }) =>
        method === 'POST' && url.includes('/closed/') ? refusal(403, 'DENIED') : undefined,
    });
    const tags = `${texts.tags},${registry.host}/closed/app:pr-12`;
    const { outputs } = await runMode(t, { ...texts, tags }, restricted);
    assert.ok(isUntouched());
    assert.notEqual(outputs.layout, '');
  });

  test('without preflight the permission is still checked, except in a dry run', async t => {
    const { texts, isUntouched } = await open(t, { onRequest: denied });
    const { outputs } = await runMode(t, { ...texts, preflight: 'false' }, restricted);
    assert.notEqual(outputs.layout, '');
    const dry = await runMode(t, { ...texts, 'dry-run': 'true' }, restricted);
    assert.equal(dry.outputs.layout, '');
    assert.ok(isUntouched());
  });

  test('a password from the secrets is empty there, and missing anywhere else', async t => {
    const { texts } = await open(t, { auth: { kind: 'basic', user: 'user', password: 'password' } });
    const login = { ...texts, username: 'user', password: '' };
    const { outputs } = await runMode(t, login, restricted);
    assert.notEqual(outputs.layout, '');
    await assert.rejects(runMode(t, login), failureWith('username alone', 'password'));
  });

  test('a token that may write is used', async t => {
    const { texts, tags } = await open(t);
    const { outputs } = await runMode(t, texts, restricted);
    assert.equal(outputs.layout, '');
    assert.equal(outputs.tags, tags);
  });
});

test('any other refusal stays an error', async t => {
  const { texts } = await open(t, { onRequest: denied });
  await assert.rejects(runMode(t, texts), failureWith('403 DENIED'), 'a run of the repository itself');
  const missing = await open(t, { onRequest: () => refusal(404, 'NAME_UNKNOWN') });
  await assert.rejects(runMode(t, missing.texts, restricted), failureWith('404'), 'a repository that is not there');
  const from = { mode: 'promote', from: texts.tags ?? '', tags: texts.tags ?? '', push: 'true' };
  await assert.rejects(runMode(t, from, restricted), failureWith('403 DENIED'), 'another mode');
});
