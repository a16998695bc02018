/**
 * Runs a real workflow file with act on this machine: checkout, the step by `uses: ./`, a later step that reads its
 * outputs, the post part. act is installed with Go into .cache.
 */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../src/lib/process.ts';
import { startDistribution } from '../test/support/distribution.ts';
import { act } from '../test/support/go-program.ts';
import { run } from '../test/support/run.ts';
import { installGoProgram } from './install-go-program.ts';

const root = new URL('..', import.meta.url).pathname;

await installGoProgram(act);
const registry = await startDistribution();
const directory = await mkdtemp(join(tmpdir(), 'workflow-'));
try {
  const files = (await run('git', ['ls-files', '-z'], { cwd: root })).split('\0').filter(name => name !== '');
  for (const name of files) await cp(join(root, name), join(directory, name));
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: directory });
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', 'https://github.com/acme/app.git');
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--message=A commit to build');
  const { code, stdout, stderr } = await runProgram(
    act.path,
    [
      'push',
      ...['--platform', 'ubuntu-latest=-self-hosted'],
      ...['--workflows', 'test/workflow/workflow.yml'],
      ...['--var', `REGISTRY=${registry.host}`],
      '--no-cache-server',
    ],
    { cwd: directory, env: process.env, onErrorLine: line => console.error(line) },
  );
  console.log(stdout);
  assert.equal(code, 0, `act failed:\n${stderr}`);
  const seen = JSON.parse(
    await run('skopeo', ['inspect', '--tls-verify=false', `docker://${registry.host}/acme/hello:from-workflow`]),
  );
  assert.equal(seen.Labels['org.example.run'], 'act');
  assert.equal(seen.Labels['org.opencontainers.image.source'], 'https://github.com/acme/app');
  assert.equal(seen.Labels['org.opencontainers.image.revision'], (await git('rev-parse', 'HEAD')).trim());
  assert.ok(stdout.includes(`digest of the step before: ${seen.Digest}`), 'the later step reads the digest');
  assert.ok(stdout.includes(`image of the step before: ${registry.host}/acme/hello@${seen.Digest}`));
  assert.match(stdout, /Success - Post \.\//, 'the post part ran');
  console.log('The workflow did what it says.');
} finally {
  await registry.close();
  await rm(directory, { recursive: true, force: true });
}
