import { type Rule, ruleIds, rules } from '../src/check/rules.ts';
import {
  type InputName,
  type InputRow,
  inputGroups,
  inputNames,
  inputTable,
  takesInput,
} from '../src/inputs/input-table.ts';
import { modes } from '../src/inputs/mode.ts';
import { outputNames, outputTable, setsOutput } from '../src/inputs/output-table.ts';

/** A table that stands in a document between `<!-- NAME -->` and `<!-- /NAME -->`. */
interface DocumentTable {
  readonly path: string;
  readonly name: string;
  readonly table: string;
}

/** The tables of inputs and outputs, in Markdown. */
export function documentTables(): DocumentTable[] {
  return [
    { path: 'README.md', name: 'inputs', table: inputsByGroup() },
    { path: 'docs/inputs.md', name: 'inputs', table: inputGroups.map(groupTable).join('\n') },
    { path: 'docs/actions.md', name: 'inputs', table: inputsOfActions() },
    { path: 'docs/actions.md', name: 'outputs', table: outputsOfActions() },
    { path: 'docs/check.md', name: 'rules', table: rulesOfCheck() },
  ];
}

/** Id, reason and cure of each rule of the check. */
function rulesOfCheck(): string {
  const rows = ruleIds.map(id => {
    const { reason, cure, isEarly }: Rule = rules[id];
    return `| \`${id}\` | ${isEarly ? 'config' : 'files'} | ${cell(reason)} | ${cell(cure)} |`;
  });
  return ['| rule | looks at | reason | cure |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

/** The document with the table of that name replaced. Throws a TypeError if it has no place for one. */
export function withTable(document: string, name: string, table: string): string {
  const [before, rest] = document.split(`<!-- ${name} -->\n`);
  const [, after] = rest?.split(`<!-- /${name} -->\n`) ?? [];
  if (before === undefined || after === undefined) throw new TypeError(`No place for the table "${name}".`);
  return `${before}<!-- ${name} -->\n\n${table}\n<!-- /${name} -->\n${after}`;
}

type Group = (typeof inputGroups)[number];

/** Names of the inputs of the root action, one row per group. */
function inputsByGroup(): string {
  const rows = inputGroups.map(group => {
    const anchor = group.toLowerCase().replaceAll(' ', '-');
    const names = inputsOf(group).map(name => `\`${name}\``);
    return `| [${group}](docs/inputs.md#${anchor}) | ${names.join(', ')} |`;
  });
  return ['| group | inputs |', '| --- | --- |', ...rows, ''].join('\n');
}

/** Inputs of the root action that belong to the group. */
function inputsOf(group: Group): readonly InputName[] {
  return inputNames.filter(name => name !== 'mode' && inputTable[name].group === group && takesInput('build', name));
}

/** A section about a group: its inputs with defaults and meaning. */
function groupTable(group: Group): string {
  const rows = inputsOf(group).map(name => {
    const row: InputRow = inputTable[name];
    return `| \`${name}\` | ${row.default === undefined ? '' : `\`${row.default}\``} | ${cell(row.description)} |`;
  });
  return [`## ${group}`, '', '| input | default | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** A bar would end the cell of a table, even in code. */
const cell = (text: string) => text.replaceAll('|', '\\|');

const actionNames = modes.map(mode => (mode === 'build' ? '(root)' : `\`${mode}\``));
const head = (first: string) => [
  `| ${first} | ${actionNames.join(' | ')} |`,
  `| --- |${' :---: |'.repeat(modes.length)}`,
];
const marks = (has: (mode: (typeof modes)[number]) => boolean) => modes.map(mode => (has(mode) ? '✓' : '')).join(' | ');

function inputsOfActions(): string {
  const names = inputNames.filter(name => name !== 'mode');
  const rows = names.map(name => `| \`${name}\` | ${marks(mode => takesInput(mode, name))} |`);
  return [...head('input'), ...rows, ''].join('\n');
}

function outputsOfActions(): string {
  const rows = outputNames.map(
    name => `| \`${name}\` | ${cell(outputTable[name].description)} | ${marks(mode => setsOutput(mode, name))} |`,
  );
  const [first = '', second = ''] = head('output');
  return [
    first.replace('output |', 'output | meaning |'),
    second.replace('| --- |', '| --- | --- |'),
    ...rows,
    '',
  ].join('\n');
}
