import { modeCommand } from './mode-command.ts';

/** `nix-image cleanup` */
export const cleanup = modeCommand('cleanup', {
  topic: 'Publish',
  summary: 'Delete tags from a registry, and the images that only these tags kept',
  examples: [['See what would be deleted', 'nix-image cleanup --tags ghcr.io/acme/app:pr-12 --dry-run']],
});
