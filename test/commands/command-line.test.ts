import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { commandTable } from '../../src/commands/command-table.ts';
import { type InputRow, inputNames, inputTable, takesInput } from '../../src/inputs/input-table.ts';
import { modes } from '../../src/inputs/mode.ts';
import { runProgram } from '../../src/lib/process.ts';
import { archive } from '../support/archives.ts';
import { built } from '../support/built.ts';
import { run } from '../support/run.ts';
import { runOnTerminal } from '../support/run-on-terminal.ts';

const cli = join(built, 'cli.mjs');
const start = (...args: readonly string[]) => runProgram(process.execPath, [cli, ...args]);
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

suite('the help', () => {
  test('without arguments has every command with what it does, and examples first', async () => {
    const { code, stdout, stderr } = await start();
    assert.deepEqual([code, stderr], [0, '']);
    const text = oneLine(stdout);
    assert.ok(text.indexOf('Examples:') < text.indexOf('Usage:'));
    for (const { name, summary } of commandTable) {
      const [first, second] = name.split(' ');
      assert.match(text, new RegExp(` ${first} .*${(second ?? summary).replaceAll(/[()]/g, '\\$&')}`));
    }
    assert.match(oneLine((await start('cache', '--help')).stdout), / list .*List the entries/);
    assert.equal((await start('-h')).stdout, stdout);
  });

  // `nix-image verify IMAGE`
  for (const mode of modes) {
    const isParameter = (name: string) => mode === 'verify' && name === 'image';
    test(`of ${mode} has the flags that it uses, and no other`, async () => {
      const { code, stdout, stderr } = await start(mode, '--help');
      assert.deepEqual([code, stderr], [0, '']);
      const flags = [...stdout.matchAll(/^ {2}--([\w-]+)/gm)].map(([, name]) => name);
      const isFlag = (name: (typeof inputNames)[number]) =>
        name !== 'mode' && !isParameter(name) && inputTable[name].kind !== 'secret' && takesInput(mode, name);
      // An input of that name is a flag of `build`.
      const own = mode === 'verify' ? ['rebuild'] : [];
      assert.deepEqual(flags.toSorted(), [...inputNames.filter(isFlag), ...own, 'json', 'quiet', 'verbose'].toSorted());
      const text = oneLine(stdout);
      for (const name of inputNames.filter(isFlag)) {
        const { description, descriptions }: InputRow = inputTable[name];
        assert.ok(text.includes(descriptions?.[mode] ?? description), name);
      }
    });
  }

  test('of a command is also behind "help"', async () => {
    assert.equal((await start('help', 'promote')).stdout, (await start('promote', '-h')).stdout);
  });

  for (const columns of [60, 120]) {
    test(`fits into a terminal of ${columns} columns`, async () => {
      for (const args of [[], ['build', '--help']]) {
        const { code, screen } = await runOnTerminal([process.execPath, cli, ...args], { columns });
        assert.equal(code, 0);
        assert.ok(screen.includes('\u001b[1mUsage:\u001b[22m'));
        const lines = stripVTControlCharacters(screen).split('\n');
        assert.deepEqual(
          // A long address stays whole, so that it can be copied.
          lines.filter(line => line.length > columns && !/^ *`https:\S+$/.test(line)),
          [],
        );
      }
    });
  }

  test('has no colors with NO_COLOR', async () => {
    const { screen } = await runOnTerminal([process.execPath, cli], { columns: 80, env: { NO_COLOR: '1' } });
    assert.ok(!screen.includes('\u001b'));
  });
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.deepEqual(await start('--version'), { code: 0, stdout: `${version}\n`, stderr: '' });
});

suite('arguments that fit no command end with exit code 2 and a suggestion', () => {
  for (const [args, message] of [
    [['buidl'], /^error: Cannot read the command line: unknown command 'buidl'\. Did you mean build\? See --help\.$/],
    [['build', '--instalable', '.'], /unknown option '--instalable'\. Did you mean --installable\?/],
    [['build', '--instalable=.', '--push'], /unknown option '--instalable'\. Did you mean --installable\?/],
    [['build', 'extra'], /too many arguments for 'build'/],
    [['build', '--tags'], /option '--tags <LIST>' argument missing/],
    [['build', '--password', 'x'], /unknown option '--password'\. .* set REGISTRY_PASSWORD in the environment\./],
    [['build', "--password=it's\n(secret)"], /unknown option '--password'\. .* set REGISTRY_PASSWORD (?!.*secret)/],
    [['completions'], /missing required argument 'SHELL'/],
  ] as const) {
    test(args.join(' '), async () => {
      const { code, stdout, stderr } = await start(...args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr.trimEnd(), message);
    });
  }
});

suite('output', () => {
  const build = ['build', '--path', archive('oci.tar'), '--created', '0', '--check', 'off'];

  test('--json prints the result as JSON, and nothing else is on standard output', async () => {
    const { images, stages } = JSON.parse(await run(process.execPath, [cli, ...build, '--json']));
    assert.match(images[0].digest, /^sha256:/);
    assert.ok(images[0].platforms[0].layers.length > 0);
    assert.ok(stages.some((stage: object) => 'name' in stage && stage.name === 'Push' && 'milliseconds' in stage));
  });

  for (const columns of [60, 120]) {
    test(`of a build on a terminal of ${columns} columns ends with the result, and no status line is left`, async () => {
      const { code, screen } = await runOnTerminal([process.execPath, cli, ...build], { columns });
      assert.equal(code, 0);
      const shown = screen.split('\n').map(line => stripVTControlCharacters(line.split('\r\u001b[2K').at(-1) ?? ''));
      assert.ok(shown.includes('Push') && shown.some(line => /^ {2}Push took [\d.]+ s$/.test(line)));
      assert.ok(shown.some(line => /^digest +sha256:[0-9a-f]{64}$/.test(line)));
      assert.ok(!shown.some(line => line.startsWith('making ')));
    });
  }

  test('--quiet leaves the result alone', async () => {
    const { code, stdout, stderr } = await start(...build, '--quiet');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^digest +sha256:/);
  });

  test('a failure has exit code 1', async () => {
    const { code, stdout, stderr } = await start('build', '--path', '/nonexistent/image.tar');
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^error: Cannot /m);
  });
});
