import { githubIssuer } from '../attest/github-issuer.ts';
import type { Command, Flag } from './command.ts';
import { inputFlagsOf } from './input-flags.ts';

const group = 'Signer';
const signerFlags: readonly Flag[] = [
  {
    name: 'identity',
    kind: 'text',
    group,
    description: 'Identity that must have signed: URL of a workflow file `@` ref',
  },
  { name: 'issuer', kind: 'text', group, description: 'Who vouches for that identity', default: githubIssuer },
  {
    name: 'key',
    kind: 'text',
    group,
    description: 'File with the public key that must have signed, instead of an identity',
  },
  { name: 'trusted-root', kind: 'text', group, description: 'File with the trusted root of a Sigstore of your own' },
  { name: 'provenance', kind: 'flag', group, description: 'Demand provenance by the same signer too' },
];

/** `nix-image verify` */
export const verify: Command = {
  name: 'verify',
  topic: 'Understand',
  summary: 'Check who signed an image, and show what it was built from',
  examples: [
    [
      'By a workflow on its main branch',
      'nix-image verify ghcr.io/acme/app:1 --identity https://github.com/acme/app/.github/workflows/build.yml@refs/heads/main',
    ],
    ['By a key', 'nix-image verify ghcr.io/acme/app:1 --key cosign.pub'],
  ],
  parameters: [{ name: 'IMAGE', description: 'Reference by tag or digest' }],
  flags: [...signerFlags, ...inputFlagsOf('username', 'insecure-registries')],
  load: async () => (await import('./run-verify.ts')).runVerify,
};
