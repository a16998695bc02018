import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { describeRun } from '../../src/stages/describe/describe-run.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';

const revision = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
const context = { revision, sha: 'ba5e', commitTime: 1_600_000_000, description: '' };

/** The labels of an image that these inputs build while these files differ from the commit; `lines` is what the log says. */
async function describe(
  t: TestContext,
  texts: Readonly<Record<string, string>>,
  { changed = ['flake.nix'], env = {} }: { changed?: readonly string[] | 'unknown'; env?: Record<string, string> } = {},
) {
  let asked = 0;
  const changedFiles = async () => {
    asked++;
    return changed === 'unknown' ? undefined : changed;
  };
  const runtime = await openTestRuntime(env, '/src/app', { context, changedFiles });
  t.after(() => runtime.close());
  const [{ labels, created }] = await describeRun([parseInputs(name => texts[name] ?? '')], runtime);
  const lines = runtime.lines.filter(line => !line.startsWith('debug: '));
  return { revision: labels['org.opencontainers.image.revision'], created, lines, asked };
}

test('changed files are of no commit, and a warning names them', async t => {
  assert.deepEqual(await describe(t, {}), {
    revision: `${revision}-dirty`,
    created: undefined,
    lines: [
      'warning: One tracked file differs from the commit (flake.nix). The revision label ends in "-dirty", and created: ' +
        "commit keeps the build's time. Commit the change or restore the files, or set created to choose a time.",
    ],
    asked: 1,
  });
  assert.equal((await describe(t, { revision: 'merge' })).revision, 'ba5e-dirty');
});

test('names are hostile and many', async t => {
  const changed = ['a\n::add-mask::x', 'b'.repeat(5000), '\u001b[31mc', 'd', 'e'];
  const [warning = ''] = (await describe(t, {}, { changed })).lines;
  assert.match(warning, /^warning: 5 tracked files differ from the commit \(a ::add-mask::x, b{100}, \[31mc, …\)\./);
});

test('another time than that of the commit holds', async t => {
  assert.equal((await describe(t, { created: '1700000000' })).created, '2023-11-14T22:13:20Z');
  assert.equal((await describe(t, {}, { env: { SOURCE_DATE_EPOCH: '1' } })).created, '1970-01-01T00:00:01Z');
});

test('a commit that nothing differs from is the revision', async t => {
  const { lines, ...described } = await describe(t, {}, { changed: [] });
  assert.deepEqual(described, { revision, created: '2020-09-13T12:26:40Z', asked: 1 });
  assert.deepEqual(lines, []);
});

test('if git cannot answer, the log says so', async t => {
  const { lines, ...described } = await describe(t, {}, { changed: 'unknown' });
  assert.deepEqual(described, { revision, created: '2020-09-13T12:26:40Z', asked: 1 });
  assert.deepEqual(lines, [
    'info: git cannot tell whether files of the checkout differ from the commit that the labels name.',
  ]);
});

suite('git is asked if the image is built from the checkout', () => {
  for (const [isAsked, texts] of [
    [1, { installable: '#app' }],
    [1, { installable: './nix?dir=x#app' }],
    [1, { installable: 'path:.#app' }],
    [1, { installable: 'path:/src/app/nix#app' }],
    [1, { installable: 'git+file:///src#app' }],
    [1, { file: 'default.nix' }],
    [1, { file: '../default.nix' }],
    [1, { installable: 'github:acme/other#app', contents: '.#page' }],
    [0, { installable: 'github:acme/other#app' }],
    [0, { installable: 'nixpkgs#hello' }],
    [0, { installable: '/src/application#app' }],
    [0, { file: '/elsewhere/default.nix' }],
    [0, { path: './result' }],
    [0, { mode: 'metadata' }],
    [0, { mode: 'promote', from: 'ghcr.io/acme/app:edge' }],
  ] as const) {
    test(Object.values(texts).join(' '), async t => {
      const { asked, revision: label } = await describe(t, { tags: 'ghcr.io/acme/app:1', ...texts });
      assert.equal(asked, isAsked);
      assert.equal(label, isAsked ? `${revision}-dirty` : revision);
    });
  }
});
