import type { Mode } from '../inputs/mode.ts';
import type { Command } from './command.ts';
import { inputFlags } from './input-flags.ts';

/** The command that does on this machine what the action of this mode does in a workflow. */
export function modeCommand(mode: Mode, texts: Pick<Command, 'topic' | 'summary' | 'examples'>): Command {
  return {
    name: mode,
    ...texts,
    flags: inputFlags(mode),
    load: async () => (await import('./load-mode.ts')).loadMode(mode),
  };
}
