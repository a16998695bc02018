import semver from 'semver';
import { Failure } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';

/**
 * The version in the output of `nix --version`, of upstream Nix, Determinate Nix or Lix; undefined if there is none.
 */
export function parseNixVersion(output: string): string | undefined {
  return /^nix \(.+\) (\d+\.\d\S*)$/m.exec(output)?.[1];
}

/**
 * Negative if `a` is the older version, positive if it is the newer one. Ignores everything after a number
 * (`pre2025…`).
 */
export function compareVersions(a: string, b: string): number {
  return semver.compare(coerced(a), coerced(b));
}

/** Nix writes `2.31pre2025…`, which semver's grammar does not allow. */
function coerced(version: string): semver.SemVer {
  return semver.coerce(version) ?? new semver.SemVer('0.0.0');
}

/** Asks the Nix at `program` for its version. Throws a Failure if it does not run or prints something else. */
export async function readNixVersion(program: string, { exec, env }: Pick<Runtime, 'exec' | 'env'>): Promise<string> {
  const { code, stdout, stderr } = await exec(program, ['--version'], { env });
  const version = code === 0 ? parseNixVersion(stdout) : undefined;
  if (version !== undefined) return version;
  throw new Failure(
    `Cannot use ${program}: its --version printed "${(stdout + stderr).trim().slice(0, 500)}" (exit code ${code}). ` +
      'Reinstall that Nix or remove it from PATH.',
  );
}
