import { styleText } from 'node:util';
import { Help, type HelpConfiguration } from 'commander';
import type { Command } from './command.ts';
import { secretVariables } from './input-flags.ts';

const bold = (text: string) => styleText('bold', text, { validateStream: false });
const layout = new Help();

/** commander's help with bold titles; in a narrow terminal, descriptions are below their flags. */
export const helpLayout: HelpConfiguration = {
  styleTitle: bold,
  subcommandTerm: command => `${command.name()} ${command.usage()}`.replace(/ \[FLAGS\]$/, ''),
  formatItem(term, termWidth, description, helper) {
    const { helpWidth = 80, minWidthToWrap } = helper;
    if (helpWidth - termWidth - 4 >= minWidthToWrap) {
      return layout.formatItem.call(helper, term, termWidth, description, helper);
    }
    const indent = '\n      ';
    const wrapped = helper.boxWrap(description, Math.max(helpWidth - indent.length, minWidthToWrap));
    return `  ${term}${indent}${wrapped.replaceAll('\n', indent)}`;
  },
};

/** The beginning of the general help. */
export function introductionOfAll(): string {
  return withExamples('Build, push and inspect container images with Nix.', [
    [
      'Build the image of a flake and push it',
      'nix-image build --installable .#image --tags ghcr.io/acme/app:dev --push',
    ],
    ['See the flags of a command', 'nix-image build --help'],
  ]);
}

/** The beginning of a command's help: what it does, and examples. */
export function introduction({ summary, examples }: Command): string {
  return withExamples(`${summary}.`, examples);
}

function withExamples(summary: string, examples: Command['examples']): string {
  const lines = examples.flatMap(([comment, command]) => [`  # ${comment}`, `  ${command}`]);
  return [summary, '', bold('Examples:'), ...lines, ''].join('\n');
}

/** The end of a command's help. */
export function notes({ flags }: Command): string {
  const { password, 'github-token': token, 'cache-signing-key': key } = secretVariables;
  const isInput = flags.some(({ name }) => name === 'tags');
  return [
    'A LIST flag may be repeated.',
    '--no-NAME turns off a flag without a value.',
    ...(isInput
      ? [
          'Secrets come from environment variables:',
          `  ${password}  password of --username`,
          `  ${token}       token for ghcr.io and for GitHub's API`,
          `  ${key}  secret key of a binary cache`,
        ]
      : []),
    '',
  ].join('\n');
}
