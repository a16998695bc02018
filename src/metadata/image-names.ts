import { Failure } from '../lib/failure.ts';
import { formatRepository, parseRepository } from '../oci/reference.ts';
import { fieldsOf, ruleLines } from './rule-lines.ts';

/**
 * Reads `images`: one name per line, also as `name=NAME,enable=BOOL`; a single line may hold several names. Names are
 * lower-cased, and another spelling of the same repository is a duplicate.
 */
export function parseImageNames(text: string): string[] {
  const names = new Map<string, string>();
  for (const name of parseLines(text)) {
    const repository = formatRepository(parseRepository(name));
    if (!names.has(repository)) names.set(repository, name);
  }
  return [...names.values()];
}

function parseLines(text: string): string[] {
  const lines = ruleLines(text);
  const [only] = lines;
  if (only !== undefined && lines.length === 1 && fieldsOf(only).every(({ length }) => length === 1)) {
    return fieldsOf(only).map(([name]) => parseName(name, only));
  }
  return lines.flatMap(parseLine);
}

function parseLine(line: string): string[] {
  let name = '';
  let enabled = true;
  for (const [key, value] of fieldsOf(line)) {
    if (value === undefined || key === 'name') name = value ?? key;
    else if (key === 'enable' && /^(true|false)$/.test(value)) enabled = value === 'true';
    else throw new Failure(`Cannot use the images line "${line}": write NAME, or name=NAME,enable=true or false.`);
  }
  const parsed = parseName(name, line);
  return enabled ? [parsed] : [];
}

function parseName(name: string, line: string): string {
  if (name === '') throw new Failure(`Cannot use the images line "${line}": the name is empty.`);
  return name.toLowerCase();
}
