import { openStreamLayer } from '../../image/store-layer/stream-layer.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { compareTars, type OpenTar } from '../../inspect/compare-tars.ts';
import { Failure } from '../../lib/failure.ts';
import { type DifferentOutput, rebuild } from '../../nix/rebuild.ts';
import type { NixProgram } from '../../nix/toolchain.ts';
import { fileDifferenceLines } from '../../report/file-differences.ts';
import type { Runtime } from '../../runtime.ts';
import type { BuiltImages } from '../build/built-images.ts';

/** Outputs whose files are compared. */
const mostOutputs = 5;

/**
 * `check-reproducible`: builds again what this machine built for the images, and returns the store paths of the
 * derivations. A Failure that lists files if the NAR of an output is another one. Undefined if the inputs do not ask
 * for it.
 */
export async function rebuildImages(
  images: readonly Inputs[],
  { images: built, contents = [] }: BuiltImages,
  runtime: Runtime,
): Promise<readonly string[] | undefined> {
  if (!images.some(({ checkReproducible }) => checkReproducible)) return undefined;
  const nix = built.flat()[0]?.nix as NixProgram;
  const derivations = [...built.flat(), ...contents].map(({ drvPath, path }) => {
    if (drvPath !== undefined) return drvPath;
    throw new Failure(
      `Cannot build ${path} again: it was given as a store path, and how it was built is not known. ` +
        'Remove check-reproducible, or give an installable with a derivation.',
    );
  });
  return runtime.log.group('Rebuild', async () => {
    const rebuilt = await rebuild(nix, derivations, runtime);
    if (rebuilt.different.length > 0) throw await describe(rebuilt.different);
    runtime.log.info(`Built ${rebuilt.derivations.length} derivations again, with the same files.`);
    return rebuilt.derivations;
  });
}

async function describe(different: readonly DifferentOutput[]): Promise<Failure> {
  const sections: string[] = [];
  for (const { path, again } of different.slice(0, mostOutputs)) {
    const comparison = again === undefined ? undefined : await compareTars(tarOf(path, path), tarOf(path, again));
    const files = comparison === undefined ? [] : fileDifferenceLines(comparison, path).map(line => `  ${line}`);
    const place = again === undefined ? 'Nix kept no second output' : `the second time in ${again}:`;
    sections.push([`${path}, ${place}`, ...files].join('\n'));
  }
  const more = different.length - sections.length;
  const others = more > 0 ? [`and ${more} more outputs`] : [];
  return new Failure(
    ['The image is not reproducible: built again, its files differ. No tag was moved.', ...sections, ...others].join(
      '\n',
    ),
  );
}

/** The files of an output as a tar, wherever they are. */
function tarOf(path: string, place: string): OpenTar {
  const owner = { mtime: 1, uid: 0, gid: 0, uname: 'root', gname: 'root' };
  const open = () => openStreamLayer({ paths: [path], owner, nixMode: 0o755 }, () => place);
  return { description: place, open };
}
