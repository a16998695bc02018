import { Failure, messageOf } from '../lib/failure.ts';
import { fieldsOf, ruleLines } from './rule-lines.ts';

type RuleType = 'schedule' | 'semver' | 'pep440' | 'match' | 'edge' | 'ref' | 'raw' | 'sha';

/** One line of `tags`, with checked attributes and defaults filled in. */
export interface TagRule {
  readonly type: RuleType;
  readonly attributes: Readonly<Record<string, string>>;
  /** Higher priorities come first. */
  readonly priority: number;
  /** For errors. */
  readonly line: string;
}

interface TypeRow {
  readonly priority: number;
  /** The type's own attributes with their defaults; null if the line must set the attribute. */
  readonly attributes: Readonly<Record<string, string | null>>;
}

const types: Readonly<Record<RuleType, TypeRow>> = {
  schedule: { priority: 1000, attributes: { pattern: 'nightly' } },
  semver: { priority: 900, attributes: { pattern: null, value: '', match: '' } },
  pep440: { priority: 900, attributes: { pattern: null, value: '', match: '' } },
  match: { priority: 800, attributes: { pattern: null, group: '0', value: '' } },
  edge: { priority: 700, attributes: { branch: '' } },
  ref: { priority: 600, attributes: { event: null } },
  raw: { priority: 200, attributes: { value: null } },
  sha: { priority: 100, attributes: { format: 'short', prefix: 'sha-' } },
};
const common = ['enable', 'priority', 'prefix', 'suffix'];
const defaultRules = 'type=schedule\ntype=ref,event=branch\ntype=ref,event=tag\ntype=ref,event=pr';

/** Reads the rules in `tags`, highest priority first; the default rules if there are none. */
export function parseTagRules(text: string): TagRule[] {
  const lines = ruleLines(text);
  const rules = (lines.length === 0 ? defaultRules.split('\n') : lines).map(parseTagRule);
  return rules.toSorted((a, b) => b.priority - a.priority);
}

/** Reads one rule; a line without `type=` is `type=raw`. */
function parseTagRule(line: string): TagRule {
  const fields = fieldsOf(line).map(([key, value]) => (value === undefined ? (['value', key] as const) : [key, value]));
  const specified: Record<string, string> = Object.fromEntries(fields);
  if (Object.keys(specified).length < fields.length) {
    throw ruleFailure(line, 'it has an attribute twice. Quote an attribute with a comma in its value: "value=a,b".');
  }
  const { type = 'raw', ...attributes } = specified;
  if (!isRuleType(type)) {
    throw ruleFailure(line, `the type "${type}" is unknown. Known types are ${Object.keys(types).join(', ')}.`);
  }
  const row = types[type];
  const known = [...Object.keys(row.attributes), ...common.filter(name => !(name in row.attributes))];
  for (const name of Object.keys(attributes)) {
    if (!known.includes(name)) {
      throw ruleFailure(line, `type=${type} has no attribute "${name}". Its attributes are ${known.join(', ')}.`);
    }
  }
  const filled = withDefaults(attributes, row, line);
  checkAttributes(type, filled, line);
  const priority = Number(filled.priority ?? row.priority);
  return { type, attributes: filled, priority, line };
}

function withDefaults(specified: Readonly<Record<string, string>>, { attributes }: TypeRow, line: string) {
  const filled: Record<string, string> = { enable: 'true' };
  for (const [name, value] of Object.entries({ ...attributes, ...specified })) {
    if (value === null) throw ruleFailure(line, `its ${name}= is missing.`);
    filled[name] = value;
  }
  return specified.event === 'pr' ? { prefix: 'pr-', ...filled } : filled;
}

function checkAttributes(type: RuleType, attributes: Readonly<Record<string, string>>, line: string): void {
  const { event, format, group, priority, pattern, match } = attributes;
  if (priority !== undefined && (priority === '' || Number.isNaN(Number(priority)))) {
    throw ruleFailure(line, `priority "${priority}" is not a number.`);
  }
  if (type === 'ref' && !['branch', 'tag', 'pr'].includes(event ?? '')) {
    throw ruleFailure(line, `event must be branch, tag or pr, not "${event}".`);
  }
  if (type === 'sha' && format !== 'short' && format !== 'long') {
    throw ruleFailure(line, `format must be short or long, not "${format}".`);
  }
  if (type === 'match' && !/^\d+$/.test(group ?? '')) throw ruleFailure(line, `group "${group}" is not a number.`);
  if (type === 'match') compilePattern(pattern ?? '', line);
  if (match !== undefined && match !== '') checkGroup(match, line);
}

/** An added empty alternative makes the expression match any text, and the result contains all its groups. */
function checkGroup(match: string, line: string): void {
  compileRegExp(match, '', line);
  const [, ...groups] = new RegExp(`${match}|`).exec('') ?? [];
  if (groups.length === 0) throw ruleFailure(line, 'match needs a group in parentheses.');
}

/** The regular expression of a `pattern`, also in the form `/…/flags`. */
export function compilePattern(pattern: string, line: string): RegExp {
  const [, source = pattern, flags = ''] = /^\/(.+)\/(.*)$/.exec(pattern) ?? [];
  return compileRegExp(source, flags, line);
}

/** A JavaScript regular expression; a Failure that quotes the line if it is invalid. */
function compileRegExp(source: string, flags: string, line: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    throw new Failure(`Cannot use the tags line "${line}": ${messageOf(cause)}.`, { cause });
  }
}

function isRuleType(text: string): text is RuleType {
  return Object.hasOwn(types, text);
}

function ruleFailure(line: string, why: string): Failure {
  return new Failure(`Cannot use the tags line "${line}": ${why}`);
}
