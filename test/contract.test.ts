import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { actionFiles } from '../scripts/action-file.ts';
import { documentTables, withTable } from '../scripts/document-tables.ts';
import { outputNames, setsOutput } from '../src/inputs/output-table.ts';
import { outputFilesOf, outputsOf } from '../src/report/outputs.ts';
import { sampleResult } from './report/sample-result.ts';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('action.yml and those of the sub-actions are what the tables of inputs and outputs give', () => {
  for (const { path, text } of actionFiles()) assert.equal(read(path), text, `${path}: run npm run build:actions`);
});

test('the documents have the tables of inputs and outputs', () => {
  for (const { path, name, table } of documentTables()) {
    assert.equal(withTable(read(path), name, table), read(path), `${path}: run npm run build:actions`);
  }
});

test('the table of outputs has what a build sets, in its order', () => {
  const set = [...Object.keys(outputsOf(sampleResult)), ...Object.keys(outputFilesOf(sampleResult))];
  assert.deepEqual(
    outputNames.filter(name => setsOutput('build', name)),
    set,
  );
});

test('a sub-action has its own mode as default, and the inputs of no other one', () => {
  const [root = '', ...others] = actionFiles().map(({ text }) => text);
  assert.match(root, /^ {2}mode:\n.*\n {4}default: "build"$/m);
  assert.doesNotMatch(root, /^ {2}(from|sources|allow-labels):$/m);
  assert.equal(others.length, 6);
  for (const text of others) assert.doesNotMatch(text, /^ {2}(installable|cache|compression):$/m);
  // `verify` builds images again.
  assert.equal(others.filter(text => /^ {2}nix-version:$/m.test(text)).length, 1);
});

test('the files that the documents show are those that are run', () => {
  const names = globSync('examples/{workflows,other-ci}/*', { cwd: new URL('..', import.meta.url) });
  const documents = ['README.md', ...readdirSync(new URL('../docs', import.meta.url)).map(name => `docs/${name}`)];
  const shown = documents.flatMap(name =>
    [...read(name).matchAll(/^<!-- (examples\/\S+) -->\n\n```(?:yaml|sh)\n(.*?)^```$/gms)].map(
      ([, file = '', text]) => ({ file, text }),
    ),
  );
  for (const { file, text } of shown) assert.equal(text, read(file), file);
  assert.deepEqual([...new Set(shown.map(({ file }) => file))].toSorted(), names.toSorted());
});
