/** Writes what is generated from the tables in src/inputs: action.yml, those of the sub-actions, and the tables of the documents. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { actionFiles } from './action-file.ts';
import { documentTables, withTable } from './document-tables.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const { path, text } of actionFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
for (const { path, name, table } of documentTables()) {
  const file = join(root, path);
  writeFileSync(file, withTable(readFileSync(file, 'utf8'), name, table));
}
