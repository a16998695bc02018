import { type InputName, type InputRow, inputNames, inputTable, takesInput } from '../inputs/input-table.ts';
import type { Mode } from '../inputs/mode.ts';
import type { Flag, Flags } from './command.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variables for secrets. Never flags: every process can read command lines. */
export const secretVariables = {
  password: 'REGISTRY_PASSWORD',
  'github-token': 'GITHUB_TOKEN',
  'cache-signing-key': 'CACHE_SIGNING_KEY',
  'signing-key': 'COSIGN_PRIVATE_KEY',
} as const;

/** A flag for each input except secrets, with its description in this mode. Flags of other modes are hidden. */
export function inputFlags(mode: Mode): Flag[] {
  return inputNames.flatMap(name => {
    const { kind, group, description, descriptions, default: value }: InputRow = inputTable[name];
    if (name === 'mode' || kind === 'secret') return [];
    return [
      {
        name,
        kind,
        group,
        description: descriptions?.[mode] ?? description,
        default: value,
        isHidden: !takesInput(mode, name),
      },
    ];
  });
}

/** The flags of some inputs of a build, chosen by input or by group. */
export function inputFlagsOf(...names: readonly (InputName | InputRow['group'])[]): Flag[] {
  return inputFlags('build').filter(({ name, group }) => names.some(one => one === name || one === group));
}

/** The raw text of an input: from its flag, or from an environment variable for a secret. */
export function readInput(name: InputName, flags: Flags, env: Environment): string {
  if (isSecret(name)) return env[secretVariables[name]] ?? '';
  const value = flags[name] ?? '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}

function isSecret(name: InputName): name is keyof typeof secretVariables {
  return name in secretVariables;
}
