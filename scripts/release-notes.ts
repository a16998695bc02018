/**
 * Prints what CHANGELOG.md says of the version that a tag names: `node scripts/release-notes.ts v1.2.3`. Fails unless
 * package.json has that version and the notes are there.
 */
import { readFile } from 'node:fs/promises';
import { Failure, messageOf } from '../src/lib/failure.ts';

const read = (name: string) => readFile(new URL(`../${name}`, import.meta.url), 'utf8');

async function notesOf(tag: string): Promise<string> {
  const { version } = JSON.parse(await read('package.json'));
  if (tag !== `v${version}`) throw new Failure(`Cannot release ${tag}: package.json has the version ${version}.`);
  const sections = (await read('CHANGELOG.md')).split(/^## /m);
  const section = sections.find(text => text.startsWith(`${version} `) || text.startsWith(`${version}\n`));
  const notes = section?.slice(section.indexOf('\n')).trim();
  if (!notes) throw new Failure(`Cannot release ${tag}: CHANGELOG.md has no notes under "## ${version}".`);
  return notes;
}

try {
  console.log(await notesOf(process.argv[2] ?? ''));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
