import { Failure } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { oneLine } from '../lib/printable.ts';
import { type Finding, longestFact, mostFacts } from './apply-rules.ts';
import { type RuleId, ruleIds } from './rules.ts';

/** Reads findings from JSON of unknown origin; a Failure unless each could be one. Their facts become safe to print. */
export function parseFindings(value: unknown): readonly Finding[] {
  if (!Array.isArray(value) || value.length > ruleIds.length) throw new Failure('it has an image without findings');
  return value.map(parseFinding);
}

function parseFinding(value: unknown): Finding {
  const { rule, platform, facts, others } = isObject(value) ? value : ({} as Json);
  if (!ruleIds.includes(rule as RuleId) || typeof platform !== 'string' || !/^[\w.-]+(\/[\w.-]+)*$/.test(platform)) {
    throw new Failure('it has a finding without a known rule or a valid platform');
  }
  const areFacts = Array.isArray(facts) && facts.length > 0 && facts.length <= mostFacts;
  if (
    !areFacts ||
    !facts.every(fact => typeof fact === 'string') ||
    !(Number.isSafeInteger(others) && Number(others) >= 0)
  ) {
    throw new Failure('it has a finding without facts');
  }
  return {
    rule: rule as RuleId,
    platform,
    // A fact that was cut off has one character more.
    facts: facts.map(fact => oneLine(fact, longestFact + 1)),
    others: Number(others),
  };
}
