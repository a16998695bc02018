import type { Command } from './command.ts';
import { htmlFlag } from './html-flag.ts';
import { inputFlagsOf } from './input-flags.ts';

/** `nix-image explain` */
export const explain: Command = {
  name: 'explain',
  topic: 'Understand',
  summary: 'Say why an image is as large as it is, why a package is in it, and what could go',
  examples: [
    ['The image of a flake', 'nix-image explain .#image'],
    ['Why is a package in it?', 'nix-image explain .#image glibc'],
  ],
  parameters: [
    { name: 'INSTALLABLE', description: 'Flake installable of an image or a package' },
    { name: 'PACKAGE', description: 'Explain only this package', isOptional: true },
  ],
  flags: [htmlFlag, ...inputFlagsOf('Nix', 'build-args', 'impure', 'image-name', 'platform')],
  load: async () => (await import('./run-explain.ts')).runExplain,
};
