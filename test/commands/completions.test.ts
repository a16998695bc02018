import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { commandTable } from '../../src/commands/command-table.ts';
import { completionScript } from '../../src/commands/completion-scripts.ts';
import { run } from '../support/run.ts';
import { runOnTerminal } from '../support/run-on-terminal.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function writeScript(t: TestContext, shell: 'bash' | 'zsh' | 'fish') {
  const directory = await temporaryDirectory(t);
  const file = join(directory, 'script');
  await writeFile(file, completionScript(shell, commandTable));
  return { directory, file };
}

test('bash completes commands, flags and fixed values', async t => {
  const { file } = await writeScript(t, 'bash');
  const complete = async (...words: readonly string[]) => {
    const text = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nix_image; echo "\${COMPREPLY[@]}"`;
    return (await run('bash', ['-c', text, file, 'nix-image', ...words])).trim();
  };
  assert.equal(await complete('pro'), 'promote');
  assert.equal(await complete('build', '--inst'), '--installable');
  assert.equal(await complete('build', '--push', '--if'), '--if-exists');
  assert.equal(await complete('promote', '--inst'), '');
  assert.equal(await complete('completions', 'z'), 'zsh');
});

test('fish completes commands, flags and fixed values, each with its description', async t => {
  const { file } = await writeScript(t, 'fish');
  const complete = async (line: string) => {
    const output = await run('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', file, line]);
    return output.trim().split('\n');
  };
  assert.deepEqual(await complete('nix-image pro'), [
    'promote\tGive an existing image new tags and labels, without a build',
  ]);
  assert.match((await complete('nix-image build --inst')).join(), /^--installable\tFlake installable/);
  assert.deepEqual(await complete('nix-image promote --inst'), ['']);
  assert.deepEqual(await complete('nix-image completions '), ['bash', 'fish', 'zsh']);
});

test('zsh completes commands, flags and fixed values', async t => {
  const { directory, file } = await writeScript(t, 'zsh');
  const start = `autoload -U compinit; compinit -u -D; zstyle ':completion:*' insert-tab false; source ${file}`;
  await writeFile(join(directory, '.zshrc'), `${start}\nnix-image() { print -r -- "<$*>" }\n`);
  const { screen } = await runOnTerminal(['zsh', '-i'], {
    columns: 200,
    env: { ZDOTDIR: directory },
    input: 'nix-image prom\t --fro\tx\nnix-image completions f\t\nexit\n',
  });
  assert.deepEqual(screen.match(/^<.*>$/gm), ['<promote --from x>', '<completions fish>']);
});
