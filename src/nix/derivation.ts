import type { Runtime } from '../runtime.ts';
import { type BuildInputs, features, targetArguments } from './build-target.ts';
import type { Nix } from './toolchain.ts';

/**
 * Arguments with which an evaluation fails instead of building something to import, and leaves no trace of the failure.
 */
export const withoutImports: readonly string[] = [
  ...['--option', 'allow-import-from-derivation', 'false'],
  ...['--option', 'eval-cache', 'false'],
];

/** Store path of the derivation of a target, which is evaluated and not built; undefined if it has none or fails. */
export async function readDerivation(nix: Nix, inputs: BuildInputs, runtime: Runtime): Promise<string | undefined> {
  const args = ['path-info', ...features, '--derivation', ...targetArguments(inputs)];
  const { code, stdout, stderr } = await nix.exec(nix.program, args, { env: nix.env, cwd: runtime.directory });
  if (code === 0 && /^\S+\.drv\n$/.test(stdout)) return stdout.trim();
  runtime.log.debug(`No derivation: ${stderr.trim()}`);
  return undefined;
}
