import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../src/lib/process.ts';
import { actionlint } from './support/go-program.ts';
import { zizmor } from './support/zizmor.ts';

const root = new URL('..', import.meta.url).pathname;
const files = globSync(
  ['.github/workflows/*.yml', 'examples/workflows/*.yml', 'examples/*/workflow.yml', 'test/workflow/*.yml'],
  {
    cwd: root,
  },
).toSorted();

for (const file of files) {
  test(`actionlint finds nothing wrong with ${file}`, async () => {
    // By its directory the action's inputs and outputs are known.
    const input = readFileSync(join(root, file), 'utf8').replaceAll('org/nix-image-action@v1', './');
    const { code, stdout } = await runProgram(
      actionlint.path,
      ['-shellcheck', 'shellcheck', '-pyflakes', '', '-stdin-filename', file, '-'],
      { cwd: root, env: process.env, input },
    );
    assert.equal(code, 0, stdout);
  });
}

test('zizmor finds no security fault in the workflows and actions', async () => {
  const actions = ['.', ...readdirSync(root)]
    .map(name => join(name, 'action.yml'))
    .filter(name => existsSync(join(root, name)));
  const { code, stdout, stderr } = await runProgram(
    zizmor.path,
    ['--offline', '--no-progress', '--config', '.github/zizmor.yml', ...files, ...actions],
    { cwd: root, env: process.env },
  );
  assert.equal(code, 0, stdout + stderr);
});
