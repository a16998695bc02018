import { inputNames, takesInput } from '../inputs/input-table.ts';
import type { Command, Flag } from './command.ts';
import { inputFlags } from './input-flags.ts';

const flags = inputNames.filter(name => name !== 'image' && takesInput('verify', name));

const rebuild: Flag = {
  name: 'rebuild',
  kind: 'flag',
  group: 'Supply chain',
  description: 'Build it again from its provenance, and compare: adds rebuild to --require',
};

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
      'Build it again from its provenance, too',
      'nix-image verify ghcr.io/acme/app:1 --rebuild --require-key cosign.pub',
    ],
    [
      'Only the signature, by a key',
      'nix-image verify ghcr.io/acme/app:1 --require signature --require-key cosign.pub',
    ],
  ],
  parameters: [{ name: 'IMAGE', description: 'Reference by tag or digest' }],
  flags: [rebuild, ...inputFlags('verify').filter(({ name }) => flags.some(one => one === name))],
  load: async () => (await import('./load-verify.ts')).loadVerify(),
};
