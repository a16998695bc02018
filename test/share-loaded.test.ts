import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BuildOptions, build } from 'esbuild';
import { shareLoaded } from '../scripts/share-loaded.ts';
import { runProgram } from '../src/lib/process.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

/** `shared` is loaded before `late` in both programs; `more` only in one of them. */
const modules = {
  'a.ts': "import './shared.ts'; import './more.ts'; await import('./late.ts');",
  'b.ts': "import './shared.ts'; await import('./late.ts');",
  'late.ts': "import { say } from './say.ts'; say('late');",
  'shared.ts': "import { say } from './say.ts'; say('shared');",
  'more.ts': "import { say } from './say.ts'; say('more');",
  'say.ts': 'export function say(text: string) { console.log(text); }',
};

test('a part that loads on demand shares a chunk with what is always loaded before it, and runs after that', async t => {
  const root = await temporaryDirectory(t);
  await mkdir(join(root, 'src'));
  for (const [name, text] of Object.entries(modules)) await writeFile(join(root, 'src', name), text);
  const entryPoints = ['src/a.ts', 'src/b.ts'];
  const options = {
    ...{ entryPoints, absWorkingDir: root, outdir: join(root, 'dist'), outExtension: { '.js': '.mjs' } },
    ...{ bundle: true, splitting: true, format: 'esm', metafile: true, write: false },
  } as const satisfies BuildOptions;
  const chunksOf = (files: readonly { path: string }[]) => files.filter(({ path }) => path.includes('chunk-')).length;
  const before = await build(options);
  const after = await build({ ...options, write: true, plugins: [shareLoaded(before.metafile, entryPoints)] });
  assert.deepEqual(
    [before.outputFiles, Object.keys(after.metafile.outputs).map(path => ({ path }))].map(chunksOf),
    [2, 1],
  );
  for (const [name, printed] of [
    ['a', 'shared\nmore\nlate\n'],
    ['b', 'shared\nlate\n'],
  ] as const) {
    const { code, stdout } = await runProgram(process.execPath, [join(root, `dist/${name}.mjs`)]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: printed });
  }
});
