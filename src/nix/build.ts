import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';
import { storeDirectory, storeHash, storePathName } from '../store-path.ts';
import { type BuildLog, createBuildLog, findFailedBuild, readLogLine } from './build-log.ts';
import type { Nix } from './toolchain.ts';

/** What to build: an installable (`.#image`), or an attribute of a Nix file (the file itself without `attr`). */
export type BuildTarget =
  | { readonly kind: 'installable'; readonly installable: string }
  | { readonly kind: 'file'; readonly file: string; readonly attr?: string };

export interface BuildInputs {
  readonly target: BuildTarget;
  /** Additional arguments of `nix build`. */
  readonly buildArgs: readonly string[];
  /** Whether the evaluation may read the environment. */
  readonly impure: boolean;
}

/** The result of a build. */
export interface Built {
  /** Store path of the output `out`, else of the first output. */
  readonly path: string;
  /** Store path of the derivation; undefined for a store path that was given as such. */
  readonly drvPath?: string;
  /** What Nix did: derivations that it built, store paths that it fetched from binary caches. */
  readonly work: { readonly built: number; readonly substituted: number };
}

const longestError = 4000;

/**
 * Builds the target, logs Nix's output as it arrives, and protects the result from the garbage collector as long as the
 * runtime's temporary directory exists. Throws a Failure with the end of the builder's log or with Nix's own error.
 */
export async function build(nix: Nix, inputs: BuildInputs, runtime: Runtime): Promise<Built> {
  const log = createBuildLog();
  const { code, stdout } = await nix.exec(
    nix.program,
    buildArguments(inputs, join(runtime.temporary, `result-${randomUUID()}`)),
    {
      env: nix.env,
      cwd: runtime.directory,
      onErrorLine: line => {
        const said = readLogLine(log, line);
        if (said !== undefined) runtime.log[said.level](said.text);
      },
    },
  );
  const name = describeTarget(inputs.target);
  if (code !== 0)
    throw new Failure(`Cannot build ${name}: ${explainFailure(log, { code, directory: runtime.directory })}`);
  return { ...parseBuilt(stdout, name), work: log.work };
}

function buildArguments(inputs: BuildInputs, link: string): string[] {
  const output = ['--log-format', 'internal-json', '--json', '--out-link', link];
  return ['build', ...features, ...output, ...targetArguments(inputs)];
}

/** Experimental features that our Nix commands need. */
export const features: readonly string[] = ['--extra-experimental-features', 'nix-command flakes'];

/** The last arguments of a Nix command that takes an installable: how to evaluate it, and the installable. */
export function targetArguments({ target, buildArgs, impure }: BuildInputs): string[] {
  return [
    ...(impure ? ['--impure'] : []),
    ...(target.kind === 'file' ? ['--file', target.file] : []),
    ...buildArgs,
    '--',
    ...(target.kind === 'installable' ? [target.installable] : target.attr === undefined ? [] : [target.attr]),
  ];
}

/** Names a target in errors. */
export function describeTarget(target: BuildTarget): string {
  if (target.kind === 'installable') return target.installable;
  return target.attr === undefined ? target.file : `${target.attr} of ${target.file}`;
}

function explainFailure(log: BuildLog, { code, directory }: { code: number; directory: string }): string {
  const failed = findFailedBuild(log);
  if (failed !== undefined) {
    const { derivation, reason, tail } = failed;
    return [
      `builder of '${storePathName(derivation)}' (${derivation}) ${reason}.`,
      ...tail.map(line => `  ${line}`),
      `The full log is above; or run, on the machine that built it: nix log ${derivation}`,
    ].join('\n');
  }
  const words = log.errors.length > 0 ? log.errors : log.plain;
  if (words.length === 0) return `nix exited with code ${code} and printed no error.`;
  const text = withoutMiddle(words.join('\n'));
  const untracked = findUntracked(text, directory);
  if (untracked === undefined) return text;
  return `${text}\nThe file ${untracked} exists, but Git does not track it, and a flake contains only tracked files. Run: git add ${untracked}`;
}

/** A file of the checkout that a flake's copy lacks. Newer versions of Nix report this themselves, 2.8 does not. */
function findUntracked(text: string, directory: string): string | undefined {
  const [, file] =
    new RegExp(`getting status of '${storeDirectory}/${storeHash}-source/([^']+)': No such file`).exec(text) ?? [];
  return file !== undefined && existsSync(join(directory, file)) ? file : undefined;
}

/** Shortens the text. Nix 2.20 and newer print the error last, older ones first, so both ends stay. */
function withoutMiddle(text: string): string {
  if (text.length <= longestError) return text;
  return `${text.slice(0, longestError / 2)}\n…\n${text.slice(-longestError / 2)}`;
}

/** Reads what `nix build --json` prints: a list of derivations with outputs, or of store paths. */
function parseBuilt(json: string, name: string): Omit<Built, 'work'> {
  const results = JSON.parse(json) as readonly unknown[];
  const [result] = results;
  if (results.length !== 1) {
    throw new Failure(
      `Cannot build ${name}: it evaluates to ${results.length} derivations, and an image is one derivation. Name one of them.`,
    );
  }
  // A store path as an installable: {"path": …} from Nix 2.8, the bare path from newer ones.
  if (typeof result === 'string') return { path: result };
  const { path, drvPath, outputs = {} } = result as Partial<Built> & { readonly outputs?: Record<string, string> };
  const output = path ?? outputs.out ?? Object.values(outputs)[0];
  if (output === undefined) throw new Failure(`Cannot build ${name}: Nix reported no output path in ${json.trim()}.`);
  return { path: output, ...(drvPath === undefined ? {} : { drvPath }) };
}
