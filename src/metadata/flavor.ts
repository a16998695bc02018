import { Failure } from '../lib/failure.ts';
import { fieldsOf, ruleLines } from './rule-lines.ts';

/** Settings for all tag rules. */
export interface Flavor {
  readonly latest: 'auto' | 'true' | 'false';
  readonly prefix: string;
  readonly prefixLatest: boolean;
  readonly suffix: string;
  readonly suffixLatest: boolean;
}

/**
 * Reads `flavor`: `latest=auto|true|false`, `prefix=…` and `suffix=…`, the latter two optionally followed by
 * `onlatest=true|false`.
 */
export function parseFlavor(text: string): Flavor {
  let flavor: Flavor = { latest: 'auto', prefix: '', prefixLatest: false, suffix: '', suffixLatest: false };
  for (const line of ruleLines(text)) {
    let affix: 'prefix' | 'suffix' | undefined;
    for (const [key, value] of fieldsOf(line)) {
      if (key === 'prefix' || key === 'suffix') affix = key;
      flavor = { ...flavor, ...parseField({ key, value, affix }, line) };
    }
  }
  return flavor;
}

function parseField(
  { key, value, affix }: { key: string; value: string | undefined; affix: 'prefix' | 'suffix' | undefined },
  line: string,
): Partial<Flavor> {
  if (value !== undefined && key === affix) return { [affix]: value };
  if (key === 'latest' && (value === 'auto' || value === 'true' || value === 'false')) return { latest: value };
  if (key === 'onlatest' && affix !== undefined && (value === 'true' || value === 'false')) {
    return { [`${affix}Latest`]: value === 'true' };
  }
  throw new Failure(
    `Cannot use the flavor line "${line}": write latest=auto, true or false; or prefix=TEXT or suffix=TEXT, optionally followed by ,onlatest=true or false.`,
  );
}
