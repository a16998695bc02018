import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inputTable } from '../src/inputs/input-table.ts';
import { outputFilesOf, outputsOf } from '../src/report/outputs.ts';
import { sampleResult } from './report/sample-result.ts';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

interface Row {
  readonly name: string;
  readonly default: string;
  readonly description?: string;
}

/** The contract as the code has it. Only the runner knows the default of the token. */
const inputs: Row[] = Object.entries(inputTable).map(([name, row]) => ({
  name,
  default: name === 'github-token' ? `\${{ github.token }}` : 'default' in row ? row.default : '',
  description: row.description,
}));

/** The entries under a top-level key of action.yml, which has one line a field. */
function entriesOf(section: string): Row[] {
  const [, text = ''] = read('action.yml').split(new RegExp(`^${section}:\n`, 'm'));
  const body = text.split(/^\S/m)[0] ?? '';
  return body.split(/^ {2}(?=\S)/m).flatMap(entry => {
    const name = /^([\w-]+):\n/.exec(entry)?.[1];
    const field = (key: string) => unquote(new RegExp(`^ {4}${key}: (.*)$`, 'm').exec(entry)?.[1] ?? '');
    return name === undefined ? [] : [{ name, default: field('default'), description: field('description') }];
  });
}

/** A YAML scalar on one line. */
function unquote(scalar: string): string {
  return scalar.startsWith('"') ? JSON.parse(scalar) : scalar.replace(/^'(.*)'$/, '$1').replaceAll("''", "'");
}

/** The rows `| \`name\` | default | …` of README.md. */
function readmeRows(): Row[] {
  const rows = read('README.md').matchAll(/^\| *`([\w-]+)` *\|([^|\n]*)\|[^|\n]*\|$/gm);
  return [...rows].map(([, name = '', text = '']) => ({ name, default: text.replaceAll('`', '').trim() }));
}

const bare = (rows: readonly Row[]) => rows.map(({ name, default: value }) => ({ name, default: value }));

const outputNames = [...Object.keys(outputsOf(sampleResult)), ...Object.keys(outputFilesOf(sampleResult))];

test('action.yml has the inputs of the code, in its order', () => {
  assert.deepEqual(entriesOf('inputs'), inputs);
});

test('action.yml has the outputs of the code, in its order', () => {
  const outputs = entriesOf('outputs');
  assert.deepEqual(
    outputs.map(({ name }) => name),
    outputNames,
  );
  for (const { name, description } of outputs) assert.ok(description, `${name} has no description`);
});

test('README.md has the inputs of the code, in its order', () => {
  assert.deepEqual(bare(readmeRows()), bare(inputs));
});

test('README.md has the outputs of the code, in its order', () => {
  const rows = [...read('README.md').matchAll(/^\| *`([\w-]+)` *\|[^|\n]*\|$/gm)];
  assert.deepEqual(
    rows.map(([, name]) => name),
    outputNames,
  );
});

test('the workflows that the documents show are those that are run', () => {
  const names = readdirSync(new URL('../examples/workflows', import.meta.url)).map(
    name => `examples/workflows/${name}`,
  );
  const documents = ['README.md', ...readdirSync(new URL('../docs', import.meta.url)).map(name => `docs/${name}`)];
  const shown = documents.flatMap(name =>
    [...read(name).matchAll(/^<!-- (examples\/workflows\/\S+) -->\n\n```yaml\n(.*?)^```$/gms)].map(
      ([, file = '', text]) => ({ file, text }),
    ),
  );
  for (const { file, text } of shown) assert.equal(text, read(file), file);
  assert.deepEqual([...new Set(shown.map(({ file }) => file))].toSorted(), names.toSorted());
});
