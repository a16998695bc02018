import type { Command } from './command.ts';
import { inputFlagsOf } from './input-flags.ts';

/** `nix-image run` */
export const run: Command = {
  name: 'run',
  topic: 'Build',
  summary: 'Build an image, load it into docker or podman, and run it',
  examples: [
    ['Run the image of a flake', 'nix-image run .#image'],
    ['With arguments', 'nix-image run .#image -- --port 8080'],
  ],
  parameters: [
    { name: 'INSTALLABLE', description: 'Flake installable of an image or a package' },
    { name: 'ARGS', description: 'Arguments for the container, after --', isOptional: true, isList: true },
  ],
  flags: inputFlagsOf('Nix', 'Image of a package', 'build-args', 'impure', 'image-name', 'platform'),
  load: async () => (await import('./run-container.ts')).runContainer,
};
