import { modeCommand } from './mode-command.ts';

/** `nix-image metadata` */
export const metadata = modeCommand('metadata', {
  topic: 'Publish',
  summary: 'Print the tags, labels and annotations that an image would get, as JSON',
  examples: [
    ['Tags by rules', 'nix-image metadata --images ghcr.io/acme/app --tags type=sha --tags type=raw,value=dev'],
  ],
});
