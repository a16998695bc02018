import { styleText } from 'node:util';
import { Help, type HelpConfiguration } from 'commander';
import type { Command } from './command.ts';
import { secretVariables } from './input-flags.ts';

const bold = (text: string) => styleText('bold', text, { validateStream: false });
const layout = new Help();
const defaultWidth = 80;

/** commander's help with bold titles; in a narrow terminal, descriptions are below their flags. */
export const helpLayout: HelpConfiguration = {
  styleTitle: bold,
  subcommandTerm: command => `${command.name()} ${command.usage()}`.replace(/ \[FLAGS\]$/, ''),
  formatItem(term, termWidth, description, helper) {
    const { helpWidth = defaultWidth, minWidthToWrap } = helper;
    if (helpWidth - termWidth - 4 >= minWidthToWrap) {
      return layout.formatItem.call(helper, term, termWidth, description, helper);
    }
    const indent = '\n      ';
    const wrapped = helper.boxWrap(description, Math.max(helpWidth - indent.length, minWidthToWrap));
    return `  ${term}${indent}${wrapped.replaceAll('\n', indent)}`;
  },
};

/** The beginning of the general help, for a terminal of `columns`. */
export function introductionOfAll(columns = defaultWidth): string {
  const examples: Command['examples'] = [
    [
      'Build the image of a flake and push it',
      'nix-image build --installable .#image --tags ghcr.io/acme/app:dev --push',
    ],
    ['See the flags of a command', 'nix-image build --help'],
  ];
  return withExamples('Build, push and inspect container images with Nix.', { examples, columns });
}

/** The beginning of a command's help, for a terminal of `columns`: what it does, and examples. */
export function introduction({ summary, examples }: Command, columns = defaultWidth): string {
  return withExamples(`${summary}.`, { examples, columns });
}

function withExamples(
  summary: string,
  { examples, columns }: Pick<Command, 'examples'> & { readonly columns: number },
): string {
  const lines = examples.flatMap(([comment, command]) => [
    ...wrap(comment, columns - '  # '.length).map(line => `  # ${line}`),
    `  ${wrapCommand(command, columns - '    '.length - ' \\'.length).join(' \\\n    ')}`,
  ]);
  return [...wrap(summary, columns), '', bold('Examples:'), ...lines, ''].join('\n');
}

/** Lines of at most so many characters if words are short enough. */
function wrap(text: string, width: number): string[] {
  return layout.boxWrap(text, width).split('\n');
}

/** Lines that a shell joins with `\`; a flag and its value stay on one line if they fit. */
function wrapCommand(command: string, width: number): string[] {
  const joint = '\0';
  const joined = command.replaceAll(/--[\w-]+ [^-\s]\S*/g, flag =>
    flag.length > width ? flag : flag.replace(' ', joint),
  );
  return wrap(joined, width).map(line => line.replaceAll(joint, ' '));
}

/** The end of a command's help. */
export function notes({ flags }: Command): string {
  const { password, 'github-token': token, 'cache-signing-key': cacheKey, 'signing-key': key } = secretVariables;
  const isInput = flags.some(({ name }) => name === 'tags');
  const hasLists = flags.some(({ kind, isHidden }) => kind === 'list' && isHidden !== true);
  return [
    '',
    ...(hasLists ? ['A LIST flag may be repeated.'] : []),
    '--no-NAME turns off a flag without a value.',
    ...(isInput
      ? [
          'Secrets come from environment variables:',
          `  ${password}   password of --username`,
          `  ${token}        token for ghcr.io and for GitHub's API`,
          `  ${cacheKey}   secret key of a binary cache`,
          `  ${key}  private key that signs the image`,
        ]
      : []),
    '',
  ].join('\n');
}
