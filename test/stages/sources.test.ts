import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { archive } from '../support/archives.ts';
import { startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runMode } from './run-mode.ts';

test('sources are read once: what a pipe tells is joined, and mounted from where it is', {
  timeout: 60_000,
}, async t => {
  const directory = await temporaryDirectory(t);
  const registry = await startRegistry({ directory: join(directory, 'registry') });
  t.after(() => registry.close());
  const built = await runMode(t, {
    path: archive('layered.tar.gz'),
    created: '0',
    push: 'true',
    tags: `${registry.host}/acme/amd64:1`,
  });
  const sources = join(directory, 'descriptor.json');
  await run('mkfifo', [sources]);
  const [joined] = await Promise.all([
    runMode(t, { mode: 'index', sources, tags: `${registry.host}/acme/app:1`, push: 'true' }),
    writeFile(sources, built.outputs.descriptor ?? ''),
  ]);
  const [variant] = joined.image.platforms;
  assert.equal(variant?.manifest.digest, built.outputs.digest);
  assert.ok(variant?.layers.every(({ state }) => state === 'mounted'));
});
