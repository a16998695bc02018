import { Failure } from '../lib/failure.ts';
import { formatReference, parseReference, type Reference } from '../oci/reference.ts';
import { type Flavor, parseFlavor } from './flavor.ts';
import { parseImageNames } from './image-names.ts';
import { fieldsOf, ruleLines } from './rule-lines.ts';
import { parseTagRules, type TagRule } from './tag-rule.ts';

/** The tags that `images`, `tags` and `flavor` define. */
export interface Tagging {
  /** Full references. */
  readonly references: readonly Reference[];
  /** Rules whose tags every image gets; undefined if `images` is empty. */
  readonly rules?: {
    readonly images: readonly string[];
    readonly rules: readonly TagRule[];
    readonly flavor: Flavor;
  };
}

/**
 * Without `images` every line of `tags` is a full reference. With `images` a line is a rule or a tag, as in
 * docker/metadata-action, but a line of the form `HOST/PATH:TAG` is still a reference.
 */
export function parseTagging(inputs: { images: string; tags: string; flavor: string }): Tagging {
  if (inputs.images.trim() === '') {
    const rule = ruleLines(inputs.tags).find(line => /(^|,)"?type=/.test(line));
    if (rule !== undefined) {
      throw new Failure(
        `Cannot use the tags line "${rule}": a rule needs the input images. Set it, for example to ghcr.io/acme/app.`,
      );
    }
    if (inputs.flavor.trim() !== '')
      throw new Failure('Cannot use flavor without images: it applies only to rules in tags.');
    return { references: parseTags(inputs.tags) };
  }
  const lines = ruleLines(inputs.tags);
  const rules = lines.filter(line => !isReference(line));
  return {
    references: parseTags(lines.filter(isReference).join('\n')),
    rules: {
      images: parseImageNames(inputs.images),
      rules: lines.length > 0 && rules.length === 0 ? [] : parseTagRules(rules.join('\n')),
      flavor: parseFlavor(inputs.flavor),
    },
  };
}

/** Reads full references, separated by newlines or commas; skips comments (`#`) and duplicates. */
export function parseTags(text: string): Reference[] {
  const items = ruleLines(text).flatMap(line => line.split(',').map(item => item.trim()));
  return withoutRepeats(items.filter(item => item !== '').map(parseReference));
}

/** Another spelling of the same reference is a duplicate too. */
export function withoutRepeats(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map(reference => [formatReference(reference), reference])).values()];
}

function isReference(line: string): boolean {
  return fieldsOf(line).every(({ length, 0: text }) => length === 1 && /^[^{}]+\/[^{}/]+:[^{}/:]+$/.test(text));
}
