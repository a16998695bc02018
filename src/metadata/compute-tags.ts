import { clean, explain, major, minor, patch, valid } from '@renovatebot/pep440';
import semver from 'semver';
import { Failure } from '../lib/failure.ts';
import { fillIn, isRaw } from './expression.ts';
import type { Flavor } from './flavor.ts';
import {
  branchOf,
  globalExpressions,
  type MetadataContext,
  pullOf,
  shortSha,
  tagOf,
  timeExpressions,
} from './metadata-context.ts';
import { compilePattern, type TagRule } from './tag-rule.ts';

/** The tags of one run. */
export interface ComputedTags {
  /** The first tag; undefined if no rule gives one. */
  readonly version: string | undefined;
  /** All tags, `latest` last. */
  readonly names: readonly string[];
  /** Why rules for this event gave no tag. */
  readonly notes: readonly string[];
}

/** A tag before prefix and suffix. */
interface Candidate {
  readonly value: string;
  /** Whether it also creates `latest` if the flavor says `auto`. */
  readonly latest: boolean;
}

/** A candidate; the reason if there is none although the rule is for this event; or undefined if the rule is not. */
type Outcome = Candidate | string | undefined;

const longestTag = 128;

/** The tags of the rules, which are sorted by priority; the same results as docker/metadata-action 6. */
export function computeTags(rules: readonly TagRule[], flavor: Flavor, context: MetadataContext): ComputedTags {
  const names: string[] = [];
  const notes: string[] = [];
  let latest: boolean | undefined;
  for (const rule of rules) checkExpressions(rule, context);
  for (const affix of ['prefix', 'suffix'] as const) {
    fillIn(flavor[affix], globalExpressions(context), `${affix}=${flavor[affix]}`);
  }
  for (const rule of rules) {
    if (!isEnabled(rule, context)) continue;
    const outcome = applyRule(rule, context);
    if (typeof outcome === 'string') notes.push(`No tag from "${rule.line}": ${outcome}.`);
    if (typeof outcome !== 'object') continue;
    const { prefix = flavor.prefix, suffix = flavor.suffix, value = '' } = rule.attributes;
    const tag = nameTag(outcome.value, { prefix, suffix, value, line: rule.line }, context);
    if (typeof tag === 'string') notes.push(`No tag from "${rule.line}": ${tag}.`);
    if (typeof tag !== 'object') continue;
    names.push(tag.name);
    latest ??= flavor.latest === 'auto' ? outcome.latest : flavor.latest === 'true';
  }
  if (latest === true) {
    const tag = nameTag('latest', latestAffixes(flavor), context);
    if (typeof tag === 'string') notes.push(`No tag latest: ${tag}.`);
    if (typeof tag === 'object') names.push(tag.name);
  }
  return { version: names[0], names: withoutRepeats(names), notes };
}

/** An error in a rule must not stay hidden until the event, or the final release, that it is for. */
function checkExpressions({ type, attributes, line }: TagRule, context: MetadataContext): void {
  const { enable = '', value = '', prefix = '', suffix = '', pattern = '' } = attributes;
  for (const text of [enable, value, prefix, suffix]) fillIn(text, globalExpressions(context), line);
  if (type === 'schedule') fillIn(pattern, timeExpressions(context), line);
  if (type === 'semver') fillIn(pattern, semverExpressions(new semver.SemVer('0.0.0')), line);
  if (type === 'pep440') fillIn(pattern, pep440Expressions('0'), line);
}

function isEnabled({ attributes, line }: TagRule, context: MetadataContext): boolean {
  const enable = fillIn(attributes.enable ?? 'true', globalExpressions(context), line);
  if (enable === 'true' || enable === 'false') return enable === 'true';
  throw new Failure(`Cannot use the tags line "${line}": enable must be true or false, not "${enable}".`);
}

function applyRule(rule: TagRule, context: MetadataContext): Outcome {
  const { type, attributes, line } = rule;
  const fill = (text = '') => fillIn(text, globalExpressions(context), line);
  if (type === 'schedule') {
    if (!/schedule/.test(context.eventName ?? '')) return undefined;
    return { value: fillIn(attributes.pattern ?? '', timeExpressions(context), line), latest: false };
  }
  if (type === 'raw') return { value: fill(attributes.value), latest: false };
  if (type === 'ref') return applyRef(attributes.event, context);
  if (type === 'edge') {
    const branch = attributes.branch || context.defaultBranch;
    if (branchOf(context) === undefined) return undefined;
    if (branch === undefined) return 'the default branch is unknown; name it with branch=';
    return branchOf(context) === branch ? { value: 'edge', latest: false } : undefined;
  }
  if (type === 'sha') {
    const value = attributes.format === 'long' ? context.sha : shortSha(context);
    return value === undefined || value === '' ? undefined : { value, latest: false };
  }
  const value = attributes.value === '' ? tagOf(context) : fill(attributes.value);
  if (value === undefined) return undefined;
  if (type === 'match') return applyMatch(value, rule);
  return applyVersion(value, rule);
}

function applyRef(event: string | undefined, context: MetadataContext): Outcome {
  const value = event === 'branch' ? branchOf(context) : event === 'tag' ? tagOf(context) : pullOf(context);
  return value === undefined ? undefined : { value, latest: event === 'tag' };
}

function applyMatch(value: string, { attributes, line }: TagRule): Outcome {
  const { pattern = '', group = '0' } = attributes;
  const match = value.match(compilePattern(pattern, line));
  if (match === null) return `${pattern} does not match ${value}`;
  const part = match[Number(group)];
  return part === undefined ? `the match of ${pattern} has no group ${group}` : { value: part, latest: true };
}

function applyVersion(value: string, rule: TagRule): Outcome {
  const { match = '', pattern = '' } = rule.attributes;
  const matched = match === '' ? [value, value] : value.match(match);
  if (matched !== null && matched[1] === undefined) return `the group of ${match} matches nothing in ${value}`;
  const text = (matched?.[1] ?? value).replaceAll('/', '-');
  return rule.type === 'semver' ? applySemver(text, pattern, rule.line) : applyPep440(text, pattern, rule.line);
}

/** A prerelease has no shorter tags; its tag is the whole version, whatever the pattern. */
function applySemver(text: string, pattern: string, line: string): Outcome {
  if (semver.valid(text) === null) return `${text} is not a semver version`;
  const version = semver.parse(text, { loose: true });
  if (version === null) return `${text} is not a semver version`;
  const isFinal = version.prerelease.length === 0;
  const shown = isFinal || isRaw(pattern) ? pattern : '{{version}}';
  return { value: fillIn(shown, semverExpressions(version), line), latest: isFinal };
}

function semverExpressions(version: semver.SemVer) {
  return {
    raw: version.raw,
    version: version.version,
    major: String(version.major),
    minor: String(version.minor),
    patch: String(version.patch),
    prerelease: version.prerelease.join(','),
    build: version.build.join(','),
  };
}

/** As for semver; a post-release and a development release count as a prerelease. */
function applyPep440(text: string, pattern: string, line: string): Outcome {
  const facts = valid(text) === null ? null : explain(text);
  if (facts === null) return `${text} is not a PEP 440 version`;
  const expressions = pep440Expressions(text);
  const isFinal = !(facts.is_prerelease || facts.is_postrelease || facts.is_devrelease);
  if (isFinal) return { value: fillIn(pattern, expressions, line), latest: true };
  return { value: isRaw(pattern) ? text : expressions.version, latest: false };
}

function pep440Expressions(text: string) {
  return {
    raw: text,
    version: clean(text) ?? text,
    major: String(major(text)),
    minor: String(minor(text)),
    patch: String(patch(text)),
  };
}

/** The parts of a tag besides the rule's value; all may contain expressions. */
interface Templates {
  readonly prefix: string;
  readonly suffix: string;
  readonly value: string;
  /** For errors and notes. */
  readonly line: string;
}

/**
 * The tag of a value with its affixes; the reason if there is none; or undefined for an empty one. Unlike in
 * docker/metadata-action, leading dashes stay, and an empty expression creates no `latest`: either could move the tag
 * of another image.
 */
function nameTag(
  value: string,
  { prefix, suffix, line, value: template }: Templates,
  context: MetadataContext,
): { readonly name: string } | string | undefined {
  const fill = (text: string) => fillIn(text, globalExpressions(context), line);
  const text = `${fill(prefix)}${value}${fill(suffix)}`;
  if (text === '') return undefined;
  const name = toTag(text);
  const empty = emptyExpression([prefix, template, suffix], context);
  const why = empty === undefined ? '' : `${empty} is empty in this run, and `;
  if (name === undefined) {
    return `${why}"${text}" cannot be turned into a valid tag, which must start with an ASCII letter, a digit or "_"`;
  }
  return why !== '' && name.toLowerCase() === 'latest' ? `${why}without it the tag would be ${name}` : { name };
}

/** The first expression that stands for a part of the ref or the commit and is empty in this run. */
function emptyExpression(templates: readonly string[], context: MetadataContext): string | undefined {
  const expressions = globalExpressions(context);
  const names = templates.flatMap(text => [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name));
  const empty = names.find(name => expressions[name] === '');
  return empty === undefined ? undefined : `{{${empty}}}`;
}

function latestAffixes({ prefix, prefixLatest, suffix, suffixLatest }: Flavor): Templates {
  const affixes = { prefix: prefixLatest ? prefix : '', suffix: suffixLatest ? suffix : '' };
  return { ...affixes, value: '', line: `prefix=${affixes.prefix},suffix=${affixes.suffix}` };
}

/**
 * Replaces characters that a tag must not contain by dashes, and cuts at 128 characters. Undefined if the start is not
 * valid for a tag. OCI distribution-spec.
 */
export function toTag(text: string): string | undefined {
  const tag = text.replaceAll(/[^a-zA-Z0-9._-]+/g, '-').slice(0, longestTag);
  return /^\w/.test(tag) ? tag : undefined;
}

/**
 * Of tags that differ only in case, the first stays: registries on a case-insensitive file system would mix them up.
 */
function withoutRepeats(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter(name => seen.size !== seen.add(name.toLowerCase()).size);
}
