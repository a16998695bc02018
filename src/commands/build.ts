import { modeCommand } from './mode-command.ts';

/** `nix-image build` */
export const build = modeCommand('build', {
  topic: 'Build',
  summary: 'Build an image, label it and push it',
  examples: [
    [
      'Build the image of a flake and push it',
      'nix-image build --installable .#image --tags ghcr.io/acme/app:dev --push',
    ],
    ['Load it into docker or podman', 'nix-image build --installable .#image --tags app:dev --load'],
    ['Write it to a file', 'nix-image build --installable .#image --output oci-archive:image.tar'],
    [
      'See what a push would upload',
      'nix-image build --installable .#image --tags ghcr.io/acme/app:dev --push --dry-run',
    ],
  ],
});
