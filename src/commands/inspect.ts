import type { Command } from './command.ts';
import { htmlFlag } from './html-flag.ts';
import { inputFlagsOf } from './input-flags.ts';

/** `nix-image inspect` */
export const inspect: Command = {
  name: 'inspect',
  topic: 'Understand',
  summary: 'Show what is in an image: its origin, packages by size, layers, and what refers to it',
  examples: [
    ['An image in a registry', 'nix-image inspect ghcr.io/acme/app:1'],
    ['What Nix built', 'nix-image inspect ./result'],
    ['A page to click through', 'nix-image inspect ghcr.io/acme/app:1 --html image.html'],
  ],
  parameters: [{ name: 'IMAGE', description: 'Reference, or path (`./…`, `/…`) of an archive, layout or store path' }],
  flags: [htmlFlag, ...inputFlagsOf('platform', 'image-name', 'username', 'insecure-registries')],
  load: async () => (await import('./run-inspect.ts')).runInspect,
};
