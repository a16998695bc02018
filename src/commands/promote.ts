import { modeCommand } from './mode-command.ts';

/** `nix-image promote` */
export const promote = modeCommand('promote', {
  topic: 'Publish',
  summary: 'Give an existing image new tags and labels, without a build',
  examples: [
    [
      'Release the image that was tested',
      'nix-image promote --from ghcr.io/acme/app:main --tags ghcr.io/acme/app:1.2.3 --push',
    ],
  ],
});
