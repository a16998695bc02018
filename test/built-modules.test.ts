import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { latePlugin } from '../scripts/late-packages.ts';
import { runProgram } from '../src/lib/process.ts';
import { built } from './support/built.ts';

const root = new URL('..', import.meta.url).pathname;

test('the built modules import each other and no builtin', () => {
  const files = globSync('*.mjs', { cwd: built });
  assert.ok(files.length > 20);
  const imported = files.flatMap(file =>
    [...readFileSync(join(built, file), 'utf8').matchAll(/^import (?:[^"';]+ from )?"([^"]+)";$/gm)].map(
      ([, name]) => name,
    ),
  );
  assert.deepEqual([...new Set(imported.filter(name => !name?.startsWith('./chunk-')))], []);
});

test('a short command loads no undici, which Node has for fetch', async () => {
  const report = "process.on('exit', () => console.log(process.moduleLoadList.join('\\n')))";
  const args = ['--import', `data:text/javascript,${report}`, join(built, 'cli.mjs'), '--version'];
  const { code, stdout } = await runProgram(process.execPath, args);
  assert.equal(code, 0);
  assert.match(stdout, /NativeModule util/);
  assert.doesNotMatch(stdout, /undici/);
});

test('the client of the cache service loads neither the client of Azure nor undici nor glob before they are used', async () => {
  const { metafile } = await build({
    stdin: { contents: "export { restoreCache, saveCache } from '@actions/cache';", resolveDir: root },
    outdir: 'out',
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    write: false,
    platform: 'node',
    format: 'esm',
    metafile: true,
    plugins: [latePlugin],
  });
  const { outputs } = metafile;
  const loaded = (file: string): string[] => [
    ...Object.keys(outputs[file]?.inputs ?? {}),
    ...(outputs[file]?.imports ?? []).flatMap(({ path, kind }) => (kind === 'import-statement' ? loaded(path) : [])),
  ];
  const inputs = loaded('out/stdin.js');
  assert.ok(inputs.some(path => path.includes('@actions/cache/lib/cache.js')));
  assert.deepEqual(
    inputs.filter(path => /node_modules\/(@azure|undici|@actions\/glob|minimatch)\//.test(path)),
    [],
  );
});
