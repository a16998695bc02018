import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { runProgram } from '../src/lib/process.ts';
import { archive } from './support/archives.ts';
import { built } from './support/built.ts';
import { startRegistry } from './support/registry.ts';
import { run } from './support/run.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const cli = join(built, 'cli.mjs');
const nixImage = (...args: readonly string[]) => run(process.execPath, [cli, ...args]);

/** Uploads that are opened by the local command, to push and then to promote. */
async function openedUploads(t: TestContext, ...flags: readonly string[]) {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const [built, released] = ['1', 'released'].map(tag => `${registry.host}/acme/app:${tag}`) as [string, string];
  const isUpload = ({ method }: { readonly method: string }) => method === 'POST';
  const push = ['--path', archive('layered.tar.gz'), '--tags', built, '--push', '--created', '0', ...flags];
  assert.match(await nixImage('build', ...push), new RegExp(`image +${built}`));
  const pushed = registry.requests.filter(isUpload).length;
  assert.match(
    await nixImage('promote', '--from', built, '--tags', released, '--push', ...flags),
    new RegExp(`image +${released}`),
  );
  return { pushed, promoted: registry.requests.filter(isUpload).length - pushed };
}

test('a flag that is on by default can be turned off; a push of what is built needs no preflight', async t => {
  const [on, off] = [await openedUploads(t), await openedUploads(t, '--no-preflight')];
  assert.equal(on.promoted - off.promoted, 1);
  assert.equal(on.pushed, off.pushed);
});

suite('what the local command prints', () => {
  const hostile =
    's3cret-of-the-registry \u001b]0;title\u0007\u001b[2J\u202e ##[save-state name=task]x\n\u0085::add-path::/evil';
  const start = (args: readonly string[]) =>
    runProgram(process.execPath, [cli, ...args], {
      env: { PATH: process.env.PATH, HOME: '/nonexistent', GITHUB_TOKEN: 's3cret-of-the-registry' },
    });
  const checkHarmless = (text: string) => {
    for (const live of ['s3cret', '\u001b', '\u0007', '\u0085', '\u202e', '##[']) assert.ok(!text.includes(live), live);
    assert.doesNotMatch(text, /^\s*::/m);
  };

  test('an error has no secret in it, and nothing that a terminal or a runner obeys', async () => {
    const { code, stdout, stderr } = await start(['metadata', '--images', 'ghcr.io/a', '--tags', `type=${hostile}`]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^error: .*type=\*\*\* \\u001b\]0;title/);
    checkHarmless(stderr);
  });

  test('a result neither, and JSON means the same', async () => {
    const label = hostile.replace('s3cret-of-the-registry', 'text').replaceAll('\n', ' ');
    const args = ['--images', 'ghcr.io/a/b', '--tags', 'type=raw,value=1', '--labels', `text=${label}`];
    const { code, stdout, stderr } = await start(['metadata', ...args]);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).labels.text, label);
    for (const text of [stdout, stderr]) checkHarmless(text);
  });
});
