import { CommanderError, Option, Command as Program } from 'commander';
import { sentence } from '../lib/failure.ts';
import { type Call, type Command, commonFlags, type Flag, type Flags, type Parameter } from './command.ts';
import { helpLayout, introduction, introductionOfAll, notes } from './help-layout.ts';
import { secretVariables } from './input-flags.ts';
import { UsageError } from './usage-error.ts';

/** The parsed arguments: a call of a command, or only a text to print, such as the help. */
export type CommandLine =
  | { readonly kind: 'call'; readonly command: Command; readonly call: Omit<Call, 'width'> }
  | { readonly kind: 'text'; readonly text: string };

const headingOf = (group: string) => `${group}:`;
const commonHeading = headingOf(commonFlags[0]?.group ?? '');

/** Parses the arguments; without any, the result is the help. A UsageError if they fit no command. */
export function parseCommandLine(
  args: readonly string[],
  { commands, version }: { readonly commands: readonly Command[]; readonly version: string },
): CommandLine {
  let text = '';
  let called: CommandLine | undefined;
  const program = openProgram(written => {
    text += written;
  });
  program.version(version, '--version', 'Print the version');
  const words = args[0] === 'help' ? args.slice(1) : args;
  for (const command of commands) {
    const added = addCommand(program, command);
    // Adding the flags of all commands would take longer than the rest of the parsing.
    if (command.name.split(' ').every((word, i) => words[i] === word)) addFlags(added, command);
    added.action((...given) => {
      called = { kind: 'call', command, call: { parameters: given.slice(0, -2), flags: flagsOf(given.at(-1)) } };
    });
  }
  try {
    program.parse(args.length === 0 ? ['--help'] : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const cut = withoutUnknownValue(args, error);
    if (cut !== undefined) return parseCommandLine(cut, { commands, version });
    // `nix-image cache` alone prints the help, as `nix-image` does.
    if (error.exitCode !== 0 && error.code !== 'commander.help') throw usageError(error);
  }
  return called ?? { kind: 'text', text: text.trimEnd() };
}

/** Collects commander's output, which is the help or the version; commander throws errors. */
function openProgram(write: (text: string) => void): Program {
  return new Program('nix-image')
    .usage('COMMAND [FLAGS]')
    .configureHelp(helpLayout)
    .configureOutput({ writeOut: write, writeErr: write, outputError: () => {} })
    .exitOverride()
    .optionsGroup(commonHeading)
    .addHelpOption(new Option('-h, --help', 'Print this help').helpGroup(commonHeading))
    .commandsGroup(headingOf('Command line'))
    .helpCommand('help [COMMAND]', 'Print the help of a command')
    .addHelpText('before', ({ command }) => introductionOfAll(columnsOf(command)));
}

/** Columns of the terminal; undefined if standard output is none. */
function columnsOf(program: Program): number | undefined {
  return program.configureOutput().getOutHelpWidth?.();
}

function addCommand(program: Program, command: Command): Program {
  const words = command.name.split(' ');
  const [last = ''] = words.slice(-1);
  const [group] = words.slice(0, -1);
  const parent = group === undefined ? program : findOrAddGroup(program, group, command.topic);
  if (group !== undefined) parent.summary([...parent.commands.map(one => one.name()), last].join(', '));
  const added = parent
    .command(last)
    .summary(command.summary)
    .helpGroup(headingOf(command.topic))
    .usage([...(command.parameters ?? []).map(parameterTerm), '[FLAGS]'].join(' '))
    .addHelpText('before', () => introduction(command, columnsOf(parent)))
    .addHelpText('after', () => notes(command));
  for (const parameter of command.parameters ?? []) added.argument(parameterTerm(parameter), parameter.description);
  return added;
}

function addFlags(program: Program, { flags }: Command): void {
  for (const flag of [...flags, ...commonFlags]) addFlag(program, flag);
}

/** `cache`, the group of `cache list`. */
function findOrAddGroup(program: Program, name: string, topic: string): Program {
  const found = program.commands.find(one => one.name() === name);
  return found ?? program.command(name).usage('COMMAND [FLAGS]').helpGroup(headingOf(topic)).helpCommand(false);
}

function parameterTerm({ name, isOptional, isList }: Parameter): string {
  const term = isList ? `${name}...` : name;
  return isOptional ? `[${term}]` : `<${term}>`;
}

function addFlag(program: Program, flag: Flag): void {
  const { name, kind, group, description, default: value, isHidden = false } = flag;
  const described = value === undefined || kind === 'flag' ? description : `${description} [default: ${value}]`;
  const term = kind === 'flag' ? `--${name}` : `--${name} <${kind.toUpperCase()}>`;
  const option = new Option(term, described).helpGroup(headingOf(group)).hideHelp(isHidden);
  if (kind === 'list') option.argParser((line: string, lines: readonly string[] = []) => [...lines, line]);
  program.addOption(option);
  if (kind === 'flag') program.addOption(new Option(`--no-${name}`).helpGroup(headingOf(group)).hideHelp());
}

function flagsOf(program: Program): Flags {
  return Object.fromEntries(
    program.options.map(option => [
      (option.long ?? '').replace(/^--(no-)?/, ''),
      program.getOptionValue(option.attributeName()),
    ]),
  );
}

/** The arguments with `--name` for the unknown `--name=value`: commander looks for names that are like all of it. */
function withoutUnknownValue(args: readonly string[], { message }: CommanderError): string[] | undefined {
  const at = args.findIndex(arg => arg.includes('=') && message.startsWith(`error: unknown option '${arg}'`));
  return at < 0 ? undefined : args.with(at, (args[at] ?? '').replace(/=.*$/s, ''));
}

/** commander's errors in our own sentences, without the value of an unknown flag, which may be a secret. */
function usageError({ message }: CommanderError): UsageError {
  const [what = '', suggestion = ''] = message.replace(/^error: /, '').split('\n(Did you mean ');
  const name = /^unknown option '--(.*)'$/s.exec(what)?.[1] ?? '';
  const variable = Object.entries(secretVariables).find(([secret]) => secret === name)?.[1];
  const advice = [
    ...(variable === undefined ? [] : [`Every process can read command lines: set ${variable} in the environment.`]),
    ...(suggestion === '' ? [] : [`Did you mean ${suggestion.replace(/\)$/, '')}`]),
    'See --help.',
  ];
  return new UsageError(`Cannot read the command line: ${sentence(what)} ${advice.join(' ')}`);
}
