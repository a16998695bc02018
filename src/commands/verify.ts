import { inputNames, takesInput } from '../inputs/input-table.ts';
import type { Command } from './command.ts';
import { inputFlags } from './input-flags.ts';

const flags = inputNames.filter(name => name !== 'image' && takesInput('verify', name));

/** `nix-image verify` */
export const verify: Command = {
  name: 'verify',
  topic: 'Understand',
  summary: 'Check who signed an image, from what it was built, and what it contains',
  examples: [
    [
      'By a workflow on its main branch',
      'nix-image verify ghcr.io/acme/app:1 --require-signed https://github.com/acme/app/.github/workflows/build.yml@refs/heads/main',
    ],
    [
      'Only the signature, by a key',
      'nix-image verify ghcr.io/acme/app:1 --require signature --require-key cosign.pub',
    ],
  ],
  parameters: [{ name: 'IMAGE', description: 'Reference by tag or digest' }],
  flags: inputFlags('verify').filter(({ name }) => flags.some(one => one === name)),
  load: async () => (await import('./load-verify.ts')).loadVerify(),
};
