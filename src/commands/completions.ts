import { Failure } from '../lib/failure.ts';
import type { Command } from './command.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `nix-image completions`: `commands` returns the whole table, which includes this command. */
export function completions(commands: () => readonly Command[]): Command {
  return {
    name: 'completions',
    topic: 'Command line',
    summary: 'Print a script that completes commands and flags in bash, zsh or fish',
    examples: [
      ['bash, in ~/.bashrc', 'source <(nix-image completions bash)'],
      ['zsh, in ~/.zshrc after compinit', 'source <(nix-image completions zsh)'],
      ['fish, in ~/.config/fish/config.fish', 'nix-image completions fish | source'],
    ],
    parameters: [{ name: 'SHELL', description: 'bash, zsh or fish', choices: shells }],
    flags: [],
    async load() {
      const { completionScript } = await import('./completion-scripts.ts');
      return async ({ parameters: [name] }) => {
        const shell = shells.find(one => one === name);
        if (shell === undefined) throw new Failure(`Cannot complete in the shell "${name}". Give bash, zsh or fish.`);
        const script = completionScript(shell, commands());
        return { text: script, json: { shell, script } };
      };
    },
  };
}
