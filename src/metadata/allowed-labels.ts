import type { Labels } from '../oci/config.ts';

/** The keys of labels that no pattern allows; `*` in a pattern stands for any text. */
export function keysNotAllowed(labels: Labels, patterns: readonly string[]): string[] {
  const allowed = patterns.map(patternOf);
  return Object.keys(labels).filter(key => !allowed.some(pattern => pattern.test(key)));
}

function patternOf(text: string): RegExp {
  const parts = text.split('*').map(part => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
