import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openImageFiles } from '../../src/check/image-files.ts';
import { programOf } from '../../src/check/program.ts';
import { credentialsIn, secretIn } from '../../src/check/secrets.ts';
import { elf, factsOf, layerOf, readLayer, tarOf } from './check-layers.ts';

test('names that would leave the image, or mean something to a terminal, are harmless', async () => {
  const files = await layerOf({
    '../../etc/../srv//./su\u001b[31m\n::error::': { mode: 0o4755, size: 1 },
    [`srv/${'a'.repeat(3000)}`]: { mode: 0o4755, size: 1 },
  });
  const [first = '', second = ''] = factsOf({ layers: [{ files }], ignored: ['no-tmp'] })['setuid-file'] ?? [];
  assert.equal(first, '/srv/su [31m ::error:: (mode 4755)');
  assert.ok(second.length <= 241 && second.endsWith('…'), second);
});

test('of a rule that many files break, five are named and the others counted', async () => {
  const paths = Array.from({ length: 2000 }, (_, i) => [`srv/${i}`, { mode: 0o4755, size: 1 }] as const);
  const files = await layerOf(Object.fromEntries(paths));
  assert.equal(factsOf({ layers: [{ files }] })['setuid-file']?.length, 5);
});

test('a tar that is cut off, damaged or unusual is known up to there, and nothing is said to be missing', async () => {
  const tar = await tarOf({ 'srv/su': { mode: 0o4755, size: 1 }, 'srv/other': 'text', 'srv/more': 'text' });
  const damaged = Buffer.from(tar);
  damaged.write('damage', 1100);
  for (const bytes of [
    tar.subarray(0, 1300),
    damaged,
    Buffer.concat([tar.subarray(0, 1024), Buffer.alloc(512, 'x')]),
  ]) {
    const files = readLayer(bytes);
    assert.equal(files.isComplete, false);
    assert.deepEqual(Object.keys(factsOf({ config: { Cmd: ['/x'], WorkingDir: '/y' }, layers: [{ files }] })), [
      'setuid-file',
    ]);
  }
});

test('a layer with more names than are kept takes no more memory, and nothing is said to be missing', async () => {
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`bin/${i}`, { program: 'text' }]));
  const budget = { left: 10_000 };
  const layer = await layerOf(files, budget);
  assert.ok(layer.entries.size < 200, String(layer.entries.size));
  assert.equal(layer.isComplete, false);
  assert.deepEqual(factsOf({ config: { Cmd: ['/x'] }, layers: [{ files: layer }] }), {});
  const paths = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`nix/store/${i}/file`, 'text']));
  const inStore = await layerOf(paths, { left: 10_000 });
  assert.ok(inStore.storeSizes.size < 200, String(inStore.storeSizes.size));
  assert.equal(inStore.isComplete, false);
  // Layers share what may be kept.
  assert.equal((await layerOf({ a: 'text' }, budget)).isComplete, false);
});

test('links in a circle end', async () => {
  const files = await layerOf({
    a: { link: 'b' },
    b: { link: '/a' },
    c: { link: 'c/c' },
    up: { link: '../../../etc' },
  });
  const { find } = openImageFiles([{ files }], []);
  for (const path of ['/a', '/c', '/up', '/a/b']) assert.equal(find(path), 'absent');
});

test('a layer that was not read hides what is below it', async () => {
  const below = await layerOf({ 'bin/app': { program: elf() } });
  const { find } = openImageFiles([{ files: below }, {}], []);
  assert.equal(find('/bin/app'), 'unknown');
  assert.notEqual(openImageFiles([{}, { files: below }], []).find('/bin/app'), 'unknown');
  assert.equal(openImageFiles([{}, { files: below }], []).find('/bin/other'), 'unknown');
});

test('programs with headers that lie', () => {
  const lying = elf({ loader: '/lib/ld.so' });
  lying.writeUInt32LE(0xffffffff, 128);
  assert.deepEqual(programOf(lying), { machine: 62 });
  const many = elf();
  many.writeUInt16LE(0xffff, 56);
  many.writeUInt16LE(0, 54);
  assert.deepEqual(programOf(many), { machine: 62 });
  assert.deepEqual(programOf(elf().subarray(0, 60)), { machine: 62 });
  for (const text of ['#!', '#! \n', 'text', '']) assert.equal(programOf(Buffer.from(text)), undefined);
  assert.equal(programOf(Buffer.from(`#!/bin/${'x'.repeat(4000)}`))?.interpreter?.length, 254);
});

test('kinds of secrets, and what only resembles one', () => {
  const secrets = [
    ['AWS access key', `AKIA${'Q'.repeat(16)}`],
    ['GitLab token', 'glpat-abcdefghij0123456789'],
    ['npm token', `npm_${'a'.repeat(36)}`],
    ['Stripe key', `sk_live_${'a'.repeat(24)}`],
    ['private key', `-----BEGIN PRIVATE KEY-----\nMIIE${'x'.repeat(60)}`],
  ] as const;
  for (const [kind, text] of secrets) assert.equal(secretIn(`a = "${text}"`), kind);
  const others = ['AKIAIOSFODNN7EXAMPLE', '-----BEGIN PRIVATE KEY-----', 'npm_config', 'ghp_short', 'https://pypi.org'];
  for (const text of others) assert.equal(secretIn(text), undefined, text);
  assert.equal(
    credentialsIn('/root/.docker/config.json', '{"auths":{"a":{"auth":"eA=="}}}'),
    'credentials of registries',
  );
  assert.equal(credentialsIn('/root/.docker/config.json', '{"credsStore":"pass"}'), undefined);
  assert.equal(credentialsIn('/srv/.env.production', 'A=b'), 'environment (.env)');
  assert.equal(credentialsIn('/srv/.env', 'A=\nB=\n'), undefined);
  assert.equal(credentialsIn('/srv/environment', 'A=b'), undefined);
});
