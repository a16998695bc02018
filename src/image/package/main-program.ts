import { posix } from 'node:path';
import { Failure } from '../../lib/failure.ts';
import { bytesOf, textOf } from '../../tar/byte-string.ts';
import type { StoreTree } from './store-tree.ts';

export interface Package {
  /** Its store path. */
  readonly path: string;
  /** `meta.mainProgram`, if set. */
  readonly mainProgram?: string | null | undefined;
}

/**
 * The main program of a package: `bin/<mainProgram>`, else the only executable in `bin`. Hidden executables do not
 * count, because they belong to wrappers. Returns a Failure, without throwing it, if there is no such program, since
 * the config may name one.
 */
export function findMainProgram({ path, mainProgram }: Package, tree: StoreTree): string | Failure {
  const bin = posix.join(path, 'bin');
  if (mainProgram && tree.find(bytesOf(posix.join(bin, mainProgram)))?.isExecutable)
    return posix.join(bin, mainProgram);
  const directory = tree.find(bytesOf(bin));
  const names = directory?.type === 'directory' ? tree.list(directory) : [];
  const visible = names.filter(name => !name.startsWith('.'));
  tree.expectListed(visible.map(name => `${bytesOf(bin)}/${name}`));
  const programs = visible.filter(name => tree.find(`${bytesOf(bin)}/${name}`)?.isExecutable).map(textOf);
  const [only] = programs;
  if (!mainProgram && only !== undefined && programs.length === 1) return posix.join(bin, only);
  const found = programs.length === 0 ? 'no executable' : `the executables ${programs.join(', ')}`;
  return new Failure(
    mainProgram
      ? `Cannot find the main program of ${path}: meta.mainProgram is "${mainProgram}", but its bin has ${found}. Correct meta.mainProgram, or set Entrypoint in config.`
      : `Cannot find the main program of ${path}: its bin has ${found}. Set meta.mainProgram of the package, or Entrypoint in config.`,
  );
}
