import { oneLine } from '../lib/printable.ts';
import { platformOf } from '../oci/config.ts';
import { checkedImage, type ImageToCheck } from './checked-image.ts';
import { type Rule, type RuleId, ruleIds, rules } from './rules.ts';
import { secretIn } from './secrets.ts';

/** A rule that an image breaks. */
export interface Finding {
  readonly rule: RuleId;
  /** `os/architecture` of the image. */
  readonly platform: string;
  /** What breaks the rule: at most `mostFacts` phrases of one line, safe to print. */
  readonly facts: readonly string[];
  /** Number of further facts. */
  readonly others: number;
}

export const mostFacts = 5;
/** Longest fact, in characters. */
export const longestFact = 240;

/** Applies the rules that are not ignored; with `isEarly`, only rules that need no layer. */
export function applyRules(
  image: ImageToCheck,
  { ignored, isEarly = false }: { readonly ignored: readonly RuleId[]; readonly isEarly?: boolean },
): Finding[] {
  const checked = checkedImage(image);
  const platform = platformOf(image.config);
  return ruleIds
    .filter(id => !ignored.includes(id) && (!isEarly || (rules[id] as Rule).isEarly === true))
    .flatMap(rule => {
      const facts = rules[rule].find(checked);
      const shown = facts.slice(0, mostFacts).map(shownFact);
      return facts.length === 0 ? [] : [{ rule, platform, facts: shown, others: facts.length - shown.length }];
    });
}

/**
 * The findings of an image whose layers are not here: `known` are those of an earlier check of the same layers, `early`
 * those of the rules that need no layer, applied now.
 */
export function withKnownFindings(early: readonly Finding[], known: readonly Finding[]): Finding[] {
  const ofLayers = known.filter(({ rule }) => (rules[rule] as Rule).isEarly !== true);
  return ruleIds.flatMap(id => [...early, ...ofLayers].filter(({ rule }) => rule === id));
}

/** Removes secrets from facts: a label may contain one. */
function shownFact(fact: string): string {
  if (secretIn(fact) !== undefined) return '(not shown, because it contains a secret)';
  return fact.length > longestFact ? `${oneLine(fact, longestFact)}…` : oneLine(fact, longestFact);
}

/** `no-tmp: the image has no /tmp. Why it matters. What to do.` */
export function formatFinding({ rule, facts, others }: Finding): string {
  const { reason, cure } = rules[rule];
  return `${rule}: ${listFacts({ facts, others })}. ${reason} ${cure}`;
}

/** The facts as one phrase. */
export function listFacts({ facts, others }: Pick<Finding, 'facts' | 'others'>): string {
  return [...facts, ...(others > 0 ? [`${others} more`] : [])].join('; ');
}
