import { modeCommand } from './mode-command.ts';

/** `nix-image index` */
export const index = modeCommand('index', {
  topic: 'Publish',
  summary: 'Join images for several platforms under one tag',
  examples: [
    [
      'Join two images that were pushed by digest',
      'nix-image index --sources ghcr.io/acme/app@sha256:… --sources ghcr.io/acme/app@sha256:… --tags ghcr.io/acme/app:1 --push',
    ],
  ],
});
