import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';
import { buildFailure } from './build-failure.ts';
import { createBuildLog, readLogLine, type TimedBuild } from './build-log.ts';
import { type BuildInputs, describeTarget, features, targetArguments } from './build-target.ts';
import { withCure } from './cures.ts';
import { showProgress } from './show-progress.ts';
import type { Nix } from './toolchain.ts';

/** What was built. */
export interface Built {
  /** Store path of the output `out`, else of the first output. */
  readonly path: string;
  /** Store path of the derivation; undefined for a store path that was given as such. */
  readonly drvPath?: string;
  /** What it took: derivations that were built, store paths that came from binary caches, and when each build ran. */
  readonly work: { readonly built: number; readonly substituted: number; readonly builds: readonly TimedBuild[] };
}

/**
 * Builds the target, logs Nix's output as it arrives, and protects the result from the garbage collector as long as the
 * runtime's temporary directory exists. Throws a Failure with the end of the builder's log or with Nix's own error.
 */
export async function build(nix: Nix, inputs: BuildInputs, runtime: Runtime): Promise<Built> {
  const log = createBuildLog(runtime.now);
  const progress = showProgress(describeTarget(inputs.target), runtime.log);
  const { code, stdout } = await nix
    .exec(nix.program, buildArguments(inputs, join(runtime.temporary, `result-${randomUUID()}`)), {
      env: nix.env,
      cwd: runtime.directory,
      onErrorLine: line => {
        progress.read(line);
        const said = readLogLine(log, line);
        if (said?.level === 'info') runtime.log.info(said.text);
        if (said?.level === 'warning') runtime.log.warning(withCure(said.text, runtime.directory));
      },
    })
    .finally(progress.end);
  if (code !== 0) throw await buildFailure({ log, code, nix, inputs, runtime });
  const { built, substituted } = log.work;
  return { ...parseBuilt(stdout, describeTarget(inputs.target)), work: { built, substituted, builds: log.builds } };
}

function buildArguments(inputs: BuildInputs, link: string): string[] {
  const output = ['--log-format', 'internal-json', '--json', '--out-link', link];
  return ['build', ...features, ...output, ...targetArguments(inputs)];
}

/** Reads what `nix build --json` prints: a list of derivations with outputs, or of store paths. */
export function parseBuilt(json: string, name: string): Omit<Built, 'work'> {
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
