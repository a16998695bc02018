import type { Labels } from '../oci/config.ts';

/**
 * Labels that a layout of a stranger may bring if the workflow names none: they describe the image. Those that say where
 * it comes from, what it is built on, who made it or what it is called are claims, which tools and people act on.
 */
export const describingLabels = ['title', 'description', 'documentation', 'licenses', 'version', 'created'].map(
  name => `org.opencontainers.image.${name}`,
);

/** The keys of labels that no pattern allows; `*` in a pattern stands for any text. */
export function keysNotAllowed(labels: Labels, patterns: readonly string[]): string[] {
  const allowed = patterns.map(patternOf);
  return Object.keys(labels).filter(key => !allowed.some(pattern => pattern.test(key)));
}

function patternOf(text: string): RegExp {
  const parts = text.split('*').map(part => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
