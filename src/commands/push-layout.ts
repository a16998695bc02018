import { modeCommand } from './mode-command.ts';

/** `nix-image push-layout` */
export const pushLayout = modeCommand('push-layout', {
  topic: 'Publish',
  summary: 'Check and push an OCI layout that an untrusted run has built',
  examples: [['Push a layout', 'nix-image push-layout --path ./layout --tags ghcr.io/acme/app:pr-12 --push']],
});
