import type { Labels } from '../oci/config.ts';

/**
 * Labels that an untrusted layout may set if the workflow lists none: they describe the image. Labels about its origin,
 * base, author or name are claims that tools and people rely on.
 */
export const describingLabels = ['title', 'description', 'documentation', 'licenses', 'version', 'created'].map(
  name => `org.opencontainers.image.${name}`,
);

/** The keys of labels that no pattern allows; `*` in a pattern matches any text. */
export function keysNotAllowed(labels: Labels, patterns: readonly string[]): string[] {
  const allowed = patterns.map(patternOf);
  return Object.keys(labels).filter(key => !allowed.some(pattern => pattern.test(key)));
}

function patternOf(text: string): RegExp {
  const parts = text.split('*').map(part => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
