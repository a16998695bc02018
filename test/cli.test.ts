import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inputTable } from '../src/inputs/input-table.ts';
import { archive } from './support/archives.ts';
import { startRegistry } from './support/registry.ts';
import { run } from './support/run.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const nixImage = (...args: readonly string[]) => run(process.execPath, [cli, ...args]);

test('the help has each flag and, apart from it, what it means', async () => {
  const lines = (await nixImage('--help')).split('\n');
  for (const [name, { kind, description }] of Object.entries(inputTable)) {
    if (name === 'mode' || kind === 'secret') continue;
    const line = lines.find(text => text.startsWith(`  --${name} `));
    assert.ok(line?.endsWith(` ${description}`), name);
  }
});

/** The requests of a push by the local command. */
async function push(t: TestContext, ...flags: readonly string[]) {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const tags = `${registry.host}/acme/app:1`;
  const args = ['--path', archive('layered.tar.gz'), '--tags', tags, '--push', '--created', '0', ...flags];
  assert.match(await nixImage('build', ...args), new RegExp(`image +${tags}`));
  return registry.requests.filter(({ method }) => method === 'POST');
}

test('a flag that is on by default can be turned off', async t => {
  const [on, off] = [await push(t), await push(t, '--no-preflight')];
  assert.equal(on.length - off.length, 1);
});
