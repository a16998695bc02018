import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { commandTable } from '../../src/commands/command-table.ts';
import { runProgram } from '../../src/lib/process.ts';
import { archive } from '../support/archives.ts';
import { built } from '../support/built.ts';
import { compileCache } from '../support/compile-cache.ts';
import { startCraneRegistry } from '../support/crane-registry.ts';
import { run } from '../support/run.ts';
import { runOnTerminal } from '../support/run-on-terminal.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const cli = join(built, 'cli.mjs');
const node = process.execPath;

/** A command that needs nothing but a registry. */
interface Case {
  /** `{app}`, `{cache}` and `{directory}` stand for what `before` has made. */
  readonly args: string;
  /** A line of its result on a terminal. */
  readonly shows: RegExp;
  /** A part of its JSON. */
  readonly json: RegExp;
}

const hex = '[0-9a-f]{64}';
const pushed = { shows: new RegExp(`^digest +sha256:${hex}$`, 'm'), json: /^\{"images":\[\{"digest":"sha256:/ };

const cases: Readonly<Record<string, Case>> = {
  index: { args: '--sources {app}:1 --tags {app}:all --push', ...pushed },
  promote: { args: '--from {app}:1 --tags {app}:released --push --created 0', ...pushed },
  'push-layout': { args: '--path {directory}/layout --tags {app}:checked --push --created 0', ...pushed },
  metadata: {
    args: '--images {app} --tags type=raw,value=4',
    shows: /^ {4}"127\.0\.0\.1:\d+\/acme\/app:4"$/m,
    json: /^\{"tags":\["127\.0\.0\.1:\d+\/acme\/app:4"\],/,
  },
  cleanup: {
    args: '--tags {app}:1 --dry-run',
    shows: /^127\.0\.0\.1:\d+\/acme\/app:1$/m,
    json: /^\{"deleted":\["127\.0\.0\.1:\d+\/acme\/app:1"\],.*"dry-run":true\}$/,
  },
  verify: {
    args: '{app}:1 --require-key {directory}/key.pub --require signature,sbom',
    shows: /^sbom of linux\/amd64: cyclonedx, \d+ store paths, all listed$/m,
    json: new RegExp(`^\\{"digest":"sha256:${hex}","image":"127\\.0\\.0\\.1:\\d+/acme/app@.*"signature: by the key`),
  },
  sbom: { args: '{app}:1', shows: /^ {2}"bomFormat": "CycloneDX",$/m, json: /"bomFormat":"CycloneDX"/ },
  'cache list': {
    args: 'oci://{cache}',
    shows: /^\d{4}-\S+Z {2}nix-image-4-\S+ {2}\d+ B {2}not signed$/m,
    json: /^\[\{"tag":"nix-image-4-.*"size":\d+\}\]$/,
  },
};

const directory = await temporaryDirectory({ after });
const env = { PATH: process.env.PATH ?? '', HOME: directory, ...compileCache };
let registry: Awaited<ReturnType<typeof startCraneRegistry>>;

const wordsOf = (name: string, { args }: Case) => {
  const places: Readonly<Record<string, string>> = {
    app: `${registry.host}/acme/app`,
    cache: `${registry.host}/acme/cache`,
    directory,
  };
  return `${name} ${args.replaceAll(/\{(\w+)\}/g, (_, place) => places[place] ?? '')}`.split(' ');
};

before(async () => {
  registry = await startCraneRegistry();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  await writeFile(`${directory}/key.pub`, publicKey.export({ type: 'spki', format: 'pem' }));
  const target = ['--tags', `${registry.host}/acme/app:1`, '--push', '--output', `oci:${directory}/layout`];
  const build = ['build', '--path', archive('layered.tar.gz'), ...target, '--created', '0', '--sbom', 'cyclonedx'];
  const signing = { ...env, COSIGN_PRIVATE_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
  await run(node, [cli, ...build], { env: signing, cwd: directory });
  const path = (await run('nix-store', ['--add', `${directory}/key.pub`])).trim();
  await run(node, [cli, 'cache', 'push', `oci://${registry.host}/acme/cache`, path], { env, cwd: directory });
});
after(() => registry.close());

/** What is left on a screen of so many columns once the command has ended well; no status line may have wrapped. */
async function screenOf(columns: number, words: readonly string[]): Promise<string> {
  const { code, screen } = await runOnTerminal([node, cli, ...words], { columns, env, cwd: directory });
  assert.equal(code, 0, screen);
  const lines = screen.split('\n').map(line => line.split('\r\u001b[2K'));
  assert.deepEqual(
    lines.flatMap(line => line.slice(0, -1)).filter(status => status.length >= columns),
    [],
  );
  return lines.map(line => stripVTControlCharacters(line.at(-1) ?? '')).join('\n');
}

/** The lines that do not fit; a line with a digest or a key is whole, so that it can be copied, and JSON is not cut. */
const linesOver = (columns: number, text: string) =>
  text.split('\n').filter(line => line.length > columns && !/[0-9a-f]{32}|^ +"/.test(line));

for (const [name, one] of Object.entries(cases)) {
  suite(name, () => {
    for (const columns of [60, 120]) {
      test(`on a terminal of ${columns} columns`, async () => {
        const screen = await screenOf(columns, wordsOf(name, one));
        const [result = ''] = screen.split(/^ {2}\w[\w-]* took [\d.]+ s$/m).slice(-1);
        assert.match(result, one.shows);
        assert.deepEqual(linesOver(columns, result), []);
      });
    }

    test('without a terminal: one JSON document on standard output, and nothing is erased', async () => {
      const words = [...wordsOf(name, one), '--json'];
      const { code, stdout, stderr } = await runProgram(node, [cli, ...words], { env, cwd: directory });
      assert.equal(code, 0, stderr);
      assert.match(JSON.stringify(JSON.parse(stdout)), one.json);
      assert.equal(stderr, stripVTControlCharacters(stderr).replaceAll('\r', ''));
    });
  });
}

const printHelps = `
  import { commandTable as commands } from '${new URL('../../src/commands/command-table.ts', import.meta.url)}';
  import { parseCommandLine } from '${new URL('../../src/commands/parse-command-line.ts', import.meta.url)}';
  for (const { name } of commands) {
    const { text } = parseCommandLine([...name.split(' '), '--help'], { commands, version: '1' });
    console.log(text + '\\f');
  }`;

for (const columns of [60, 120]) {
  test(`the help of all commands fits into a terminal of ${columns} columns`, async () => {
    const { screen } = await runOnTerminal([node, '--input-type=module', '-e', printHelps], { columns });
    const helps = stripVTControlCharacters(screen).split('\f').slice(0, -1);
    assert.equal(helps.length, commandTable.length);
    for (const help of helps) {
      assert.match(help, /^Usage: .*^ +--json/ms);
      // A URL is one word.
      assert.deepEqual(
        linesOver(columns, help).filter(line => !line.includes('https://')),
        [],
      );
    }
  });
}

test('what is attached to an image is among what refers to it', async () => {
  const { screen } = await runOnTerminal([node, cli, 'inspect', `${registry.host}/acme/app:1`], { columns: 120, env });
  const [, referrers = ''] = stripVTControlCharacters(screen).split(/^referrers$/m);
  const bundle = `  application/vnd\\.dev\\.sigstore\\.bundle\\.v0\\.3\\+json +sha256:${hex}\n`;
  assert.match(referrers, new RegExp(`^\n${bundle}${bundle}$`));
});
