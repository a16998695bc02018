import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { readWholeFile } from '../lib/read-whole-file.ts';

/** Settings and features with which Nix may evaluate or build something else each time. nix.conf(5) */
const impure = /\b(pure-eval|allow-unsafe-native-code-during-evaluation|plugin-files|impure-derivations)\b/;

/** Bytes. */
const largestFlake = 4 << 20;

/** A Failure if one of these lines of nix.conf has such a setting. */
export function refuseImpureSettings(lines: readonly string[]): void {
  const found = impure.exec(lines.join('\n'))?.[0];
  if (found !== undefined) throw new Failure(`the settings of Nix have ${found}`);
}

/**
 * A Failure if the flake in a directory may have such a setting: Nix may have been told to accept it, here or long ago.
 * nix3-flake(1), "nixConfig"
 */
export async function refuseImpureFlake(directory: string): Promise<void> {
  const path = join(directory, 'flake.nix');
  const text = (await readWholeFile(path, largestFlake, path)).toString();
  const found = /\bnixConfig\b/.test(text) ? impure.exec(text)?.[0] : undefined;
  if (found !== undefined) throw new Failure(`nixConfig in ${path} may set ${found}`);
}
