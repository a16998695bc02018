import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { failureWith } from '../support/failure.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeArchive } from '../support/write-archive.ts';
import { type Ran, runMode, type Texts } from './run-mode.ts';

const file = fileURLToPath(new URL('../fixtures/check/default.nix', import.meta.url));

async function openRegistry(t: TestContext): Promise<Registry> {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  return registry;
}

/** Builds a package of the fixture with a real Nix, and pushes its image. */
function push(t: TestContext, { host }: Registry, texts: Texts): Promise<Ran> {
  const common: Texts = {
    'nix-conf': 'sandbox = false\nsubstituters =',
    cache: 'false',
    tags: `${host}/acme/app:1`,
    push: 'true',
    created: '2026-01-31T12:00:00Z',
  };
  return runMode(t, { mode: 'build', file, ...common, ...texts }, { path: process.env.PATH });
}

const warningsOf = ({ lines }: Ran) => lines.filter(line => line.startsWith('warning: Check '));
const rulesOf = (ran: Ran) => warningsOf(ran).map(line => /^warning: Check ([\w-]+): /.exec(line)?.[1]);
const wasWritten = ({ requests }: Registry, part: RegExp) =>
  requests.some(({ method, path }) => /^(?:PUT|POST|PATCH)$/.test(method) && part.test(path));

test('a sound package breaks no rule', async t => {
  const ran = await push(t, await openRegistry(t), { attr: 'sound', check: 'error' });
  assert.deepEqual([ran.image.findings, warningsOf(ran)], [[], []]);
  assert.ok(ran.lines.some(line => /^info: Check of linux\/\w+: the efficiency is 100\.0 %\.$/.test(line)));
});

test('a faulty package: a warning for each rule, a section in the summary, and the tag moves', async t => {
  const registry = await openRegistry(t);
  const ran = await push(t, registry, { attr: 'faulty', config: JSON.stringify({ Env: ['A=/bin'] }) });
  const rules = ['missing-interpreter', 'no-ca-certificates', 'secret-in-layer', 'build-tools'];
  assert.deepEqual(rulesOf(ran), rules);
  const [interpreter = '', certificates = '', secret = '', tools = ''] = warningsOf(ran);
  assert.match(interpreter, /: \/usr\/bin\/perl is not in the image, and \/nix\/store\/.*\/bin\/app needs it\. /);
  assert.match(
    certificates,
    /-openssl-3\.0\.1\/lib\/libssl\.so\.3, but no CA certificates\. .*Add the package `cacert`/,
  );
  assert.match(secret, /: \/nix\/store\/.*-settings\/etc\/tls\.pem \(private key\)\. /);
  assert.match(tools, /: zlib-1\.3-dev \(headers\)\. /);
  assert.ok(!ran.lines.join('\n').includes('MIIEvQIBADAN'));
  const summary = summaryOf(ran.result);
  assert.match(summary, /^### Check \(4\)\n\n\| Rule \| Finding \|\n\| --- \| --- \|\n\| `missing-interpreter` \| `/m);
  assert.ok(wasWritten(registry, /\/manifests\/1$/));
});

test('check: error fails the run with all that was found, and no tag moves', async t => {
  const registry = await openRegistry(t);
  await assert.rejects(
    push(t, registry, { attr: 'faulty', check: 'error', 'check-ignore': 'build-tools\nno-ca-certificates' }),
    failureWith(
      'it breaks 2 rules of the check. No tag was moved.',
      '\n- missing-interpreter: /usr/bin/perl is not in the image',
      '\n- secret-in-layer: ',
      'name rules in check-ignore',
    ),
  );
  assert.ok(wasWritten(registry, /\/blobs\//), 'layers were uploaded meanwhile');
  assert.ok(!wasWritten(registry, /\/manifests\//));
});

test('check: error with a fault of the config: nothing is uploaded', async t => {
  const registry = await openRegistry(t);
  const config = JSON.stringify({ Env: ['APP_PASSWORD=hunter2'] });
  await assert.rejects(
    push(t, registry, { attr: 'sound', check: 'error', config }),
    failureWith('it breaks a rule of the check', 'secret-in-config: variable APP_PASSWORD'),
  );
  assert.ok(!wasWritten(registry, /\/blobs\/uploads\/.*digest=|\/manifests\//));
});

test('check: off looks at nothing', async t => {
  const ran = await push(t, await openRegistry(t), { attr: 'faulty', check: 'off' });
  assert.deepEqual([ran.image.findings, warningsOf(ran)], [[], []]);
});

test('a program of another architecture', async t => {
  const ran = await push(t, await openRegistry(t), { attr: 'foreign' });
  assert.deepEqual(rulesOf(ran), ['wrong-architecture']);
});

test('reused layers: programs are found in the store, and what is not known is no fault', async t => {
  const registry = await openRegistry(t);
  await push(t, registry, { attr: 'sound', check: 'off' });
  const missing = `/nix/store/${randomBytes(16).toString('hex')}-data`;
  const again: Texts = { attr: 'sound', reuse: 'trust', config: JSON.stringify({ Env: [`DATA=${missing}`] }) };
  const ran = await push(t, registry, again);
  assert.ok(ran.image.platforms[0]?.layers.every(({ state }) => state === 'already there'));
  assert.deepEqual(rulesOf(ran), ['missing-store-path']);
  assert.ok(ran.lines.some(line => /layers were reused without being read/.test(line)));
  const faulty: Texts = { attr: 'faulty', tags: `${registry.host}/acme/faulty:1` };
  await push(t, registry, { ...faulty, check: 'off' });
  assert.deepEqual(rulesOf(await push(t, registry, { ...faulty, reuse: 'trust' })), [
    'missing-interpreter',
    'no-ca-certificates',
    'build-tools',
  ]);
});

test('promote applies the rules that need no layer, and a layout the others as well', async t => {
  const registry = await openRegistry(t);
  const layout = join(await temporaryDirectory(t), 'layout');
  await push(t, registry, { attr: 'faulty', check: 'off', output: `oci:${layout}` });
  const texts: Texts = { push: 'true', created: 'keep', tags: `${registry.host}/acme/app:stable` };
  const common: Texts = { ...texts, labels: 'org.example.token=ghp_0123456789abcdefghijklmnopqrstuvwxyz' };
  const promoted = await runMode(t, { ...common, mode: 'promote', from: `${registry.host}/acme/app:1` });
  assert.deepEqual(rulesOf(promoted), ['secret-in-config']);
  const pushed = await runMode(t, { ...texts, mode: 'push-layout', path: layout, 'allow-labels': '*' });
  assert.deepEqual(rulesOf(pushed), ['missing-interpreter', 'no-ca-certificates', 'secret-in-layer', 'build-tools']);
});

test('a layer of an archive is read as well', async t => {
  const directory = await temporaryDirectory(t);
  await writeArchive(join(directory, 'layer.tar'), [[{ name: 'srv/su', mode: 0o4755 }, 'program']]);
  const layer = await readFile(join(directory, 'layer.tar'));
  const diffId = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
  const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] }, config: {} };
  await writeArchive(join(directory, 'image.tar'), [
    ['config.json', JSON.stringify(config)],
    ['layer.tar', layer],
    ['manifest.json', JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: ['layer.tar'] }])],
  ]);
  const path = join(directory, 'image.tar');
  const ran = await runMode(t, { mode: 'build', path, 'check-ignore': 'no-tmp', created: '2026-01-31T12:00:00Z' });
  assert.deepEqual(rulesOf(ran), ['setuid-file']);
});

test('check-ignore names rules only', () => {
  const texts: Texts = { mode: 'build', 'check-ignore': 'no-tmp no-temp' };
  assert.throws(
    () => parseInputs(name => texts[name] ?? ''),
    failureWith('Cannot use check-ignore: "no-temp" is not a rule', 'missing-command, missing-interpreter'),
  );
});
