import { type Finding, listFacts } from '../check/apply-rules.ts';
import { rules } from '../check/rules.ts';
import { code, table } from './markdown.ts';

/** What the check found, one row per broken rule; empty if it found nothing. */
export function findingsSection(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const isSinglePlatform = new Set(findings.map(({ platform }) => platform)).size === 1;
  const rows = findings.map(finding => {
    const { rule, platform } = finding;
    const { reason, cure } = rules[rule];
    const place = isSinglePlatform ? '' : `${code(platform)} `;
    return [code(rule), `${place}${code(listFacts(finding))}<br>${reason} ${cure}`];
  });
  return [`### Check (${findings.length})`, '', ...table(['Rule', 'Finding'], rows), ''];
}
