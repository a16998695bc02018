import type { Command } from './command.ts';
import { htmlFlag } from './html-flag.ts';
import { inputFlagsOf } from './input-flags.ts';

/** `nix-image diff` */
export const diff: Command = {
  name: 'diff',
  topic: 'Understand',
  summary: 'Compare two images: packages, config, labels, and the bytes to pull',
  examples: [
    ['Two tags', 'nix-image diff ghcr.io/acme/app:1 ghcr.io/acme/app:2'],
    ['What a push would change', 'nix-image diff ghcr.io/acme/app:main ./result'],
  ],
  parameters: [
    { name: 'FROM', description: 'Reference, or path (`./…`, `/…`) of an archive, layout or store path' },
    { name: 'TO', description: 'The same for the image that it is compared with' },
  ],
  flags: [htmlFlag, ...inputFlagsOf('platform', 'username', 'insecure-registries')],
  load: async () => (await import('./run-diff.ts')).runDiff,
};
