import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Machine, openMachine } from '../support/bare-machine.ts';
import { bucketUrl, startBucket } from '../support/bucket.ts';
import { newerNixPrograms } from '../support/newer-nix.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { makeKey } from './make-key.ts';
import { openSituation, verify } from './open-situation.ts';
import { addNix } from './run-job.ts';

/** A machine with an empty store and a Nix that knows `s3://`. */
async function openS3Machine(t: TestContext): Promise<Machine> {
  const machine = await openMachine(t);
  await addNix(machine, newerNixPrograms);
  return machine;
}

/** The URL of a bucket that says to everyone what S3 says to those who may not use it. */
async function startClosedBucket(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>';
    response.writeHead(403, { 'content-type': 'application/xml' }).end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return bucketUrl(`127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const login = { AWS_ACCESS_KEY_ID: 'the-key-id', AWS_SECRET_ACCESS_KEY: 'the-secret-of-the-bucket' };

test('a bucket of S3 as binary cache, signed: the second job builds nothing', async t => {
  const { server, run, builds } = await openSituation(t);
  const bucket = await startBucket();
  t.after(() => bucket.close());
  const key = await makeKey();
  const inputs = { check: 'off', 'cache-to': bucket.url, 'cache-signing-key': key.secret };
  const first = await run({ inputs }, await openS3Machine(t));
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.match(first.post, /Copied 6 store paths to s3:/);
  const narinfos = (await bucket.keys()).filter(name => name.endsWith('.narinfo'));
  assert.equal(narinfos.length, 6);
  for (const name of narinfos) assert.match(await bucket.read(name), /^Compression: zstd$.*^Sig: cache\.test-1:/ms);

  const second = await run({ inputs }, await openS3Machine(t));
  assert.deepEqual(await builds(), [], second.log);
  assert.match(second.summary, /\(built 0, fetched [1-9]\d*\)/);
  assert.match(second.post, /Nothing to copy: s3:/);
  await verify(second.machine);
  assert.deepEqual(server.calls, []);
  for (const { log, post } of [first, second]) {
    const text = (log + post).replaceAll(/::add-mask::.*/g, '');
    assert.doesNotMatch(text, /::(warning|error)::/);
    assert.ok(!text.includes(key.secret.split(':')[1] ?? ''));
  }
});

test('a bucket that refuses the credentials is a warning', async t => {
  const { run, builds } = await openSituation(t);
  const url = await startClosedBucket(t);
  const { log, post } = await run({ inputs: { 'cache-to': url, check: 'off' }, env: login }, await openS3Machine(t));
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.match(log, /^::warning::unable to download 'http:\S+\/cache\/nix-cache-info': HTTP error 403/m);
  assert.match(post, /^::warning::Cannot save the store cache: nix copy --to s3:.* HTTP error 403 .*AccessDenied.*$/m);
  assert.equal((log + post).match(/::warning::/g)?.length, 2);
  assert.ok(!(log + post).includes(login.AWS_SECRET_ACCESS_KEY));
});

test('Nix gets the URL and the credentials as they are; one without S3 says so', async t => {
  const { run, builds } = await openSituation(t);
  const url = await startClosedBucket(t);
  const { secret } = await makeKey();
  const seen = join(await temporaryDirectory(t), 'seen');
  const note = `echo "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $@" >> ${seen}`;
  const setup = `printf '%s\\n' '#!/bin/sh' '${note}' 'exec /usr/bin/nix "$@"' > nix.new; chmod +x nix.new; mv nix.new tools/nix`;
  const { log, post } = await run({
    inputs: { 'cache-to': url, 'cache-signing-key': secret },
    env: login,
    setup,
  });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  const calls = (await readFile(seen, 'utf8')).split('\n').filter(call => call !== '');
  const copy = calls.find(call => call.includes(' copy ')) ?? '';
  const [, target = '', paths = ''] =
    /^the-key-id the-secret-of-the-bucket copy --extra-experimental-features nix-command flakes --to (\S+) -- (.*)$/.exec(
      copy,
    ) ?? [];
  assert.match(target.slice(url.length), /^&compression=zstd&secret-key=\/\S+\/signing-key$/);
  assert.ok(target.startsWith(url));
  assert.equal(paths.split(' ').length, 6);
  for (const text of [...calls, log, post]) {
    const args = text.replace('the-key-id the-secret-of-the-bucket ', '').replaceAll(/::add-mask::.*/g, '');
    for (const value of [login.AWS_SECRET_ACCESS_KEY, secret.split(':')[1] ?? '']) assert.ok(!args.includes(value));
  }
  assert.match(log, /^::warning::don't know how to open Nix store/m);
  assert.match(post, /^::warning::Cannot save the store cache: nix copy --to s3:\S+ failed: don't know how to open/m);
});
