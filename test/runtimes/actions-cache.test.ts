import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CacheServer, startCacheServer } from '../support/cache-server.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runScript } from './run-script.ts';

async function openServer(t: TestContext, version?: 1 | 2): Promise<CacheServer> {
  const server = await startCacheServer(version);
  t.after(() => server.close());
  return server;
}

/** A job with directories of its own, as a self-hosted runner or Gitea's may give each. */
async function openJob(t: TestContext, server: CacheServer) {
  const directory = await temporaryDirectory(t);
  const [temporary, workspace] = [join(directory, 'temp'), join(directory, 'a/b/workspace')];
  for (const made of [temporary, workspace]) await mkdir(made, { recursive: true });
  const file = join(temporary, 'entry');
  /** What a call of the backend gives, and the environment after it. */
  const call = async (name: 'find' | 'restore' | 'save', ...args: readonly unknown[]) => {
    const text = `
      import { openActionsCache } from 'src/runtimes/actions-cache.ts';
      const before = JSON.stringify([process.env, process.cwd()]);
      const result = await openActionsCache(process.env).${name}(...${JSON.stringify(args)});
      const isUnchanged = JSON.stringify([process.env, process.cwd()]) === before;
      console.log('\\n' + JSON.stringify({ result, isUnchanged }));
      process.exit();`;
    const env = { ...server.env, RUNNER_TEMP: temporary, GITHUB_WORKSPACE: workspace };
    const { stdout, stderr } = await runScript({ text, cwd: workspace, env });
    const { result, isUnchanged } = JSON.parse(stdout.trim().split('\n').at(-1) || assert.fail(stderr));
    assert.ok(isUnchanged);
    return result;
  };
  return { directory, temporary, workspace, file, call };
}

for (const version of [1, 2] as const) {
  test(`a job finds the entry of one with other directories, version ${version} of the service`, async t => {
    const server = await openServer(t, version);
    const first = await openJob(t, server);
    await writeFile(first.file, 'the entry');
    assert.equal(await first.call('save', first.file, 'key-1'), true);
    const second = await openJob(t, server);
    assert.equal(await second.call('find', 'key-2', ['key-']), 'key-1');
    assert.equal(await second.call('restore', second.file, 'key-2', ['key-']), 'key-1');
    assert.equal(await readFile(second.file, 'utf8'), 'the entry');
    assert.deepEqual([await readdir(first.temporary), await readdir(second.temporary)], [[], ['entry']]);
    for (const { workspace } of [first, second]) assert.deepEqual(await readdir(workspace), []);
  });
}

test('an archive in the service writes nothing but the entry, whatever it names', async t => {
  const server = await openServer(t);
  const { directory, file, workspace, temporary, call } = await openJob(t, server);
  await writeFile(file, 'the entry');
  await call('save', file, 'key');
  const source = join(directory, 'source');
  await mkdir(source);
  await writeFile(join(source, 'file'), 'planted');
  await symlink('/etc/passwd', join(source, 'link'));
  const pack = async (name: string, as: string) => {
    const archive = join(source, 'archive');
    await run('tar', ['-P', '--zstd', '-cf', archive, `--transform=s,.*,${as},`, join(source, name)]);
    server.entries.set('key', await readFile(archive));
  };
  for (const place of [join(directory, 'victim'), '../../../victim']) {
    await pack('file', place);
    assert.equal(await call('restore', file, 'key', []), 'key');
    assert.equal(await readFile(file, 'utf8'), 'planted');
  }
  await pack('link', 'nix-image-cache/entry');
  assert.equal(await call('restore', file, 'key', []), undefined);
  assert.deepEqual((await readdir(directory)).sort(), ['a', 'source', 'temp']);
  assert.deepEqual([await readdir(workspace), await readdir(temporary)], [[], ['entry']]);
});
