import type { SavedEntry } from '../../cache/entry-store.ts';
import { formatVersion, sortByReferences } from '../../cache/manifest.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { codeOf, Failure, hasCode, messageOf, sentence } from '../../lib/failure.ts';
import { formatSize } from '../../lib/format-size.ts';
import { readRegistrations } from '../../nix/closure.ts';
import { findInvalidPaths, readRequisites } from '../../nix/store.ts';
import { storePathAt } from '../../nix/store-path-at.ts';
import { nixSystem } from '../../nix/system.ts';
import { findNix } from '../../nix/toolchain.ts';
import { digestOf, hexOf } from '../../oci/digest.ts';
import type { Runtime } from '../../runtime.ts';
import { storePathName } from '../../store-path.ts';
import { openEntries } from '../build/open-entries.ts';

/**
 * Saves store paths, or targets of links, with everything they refer to, as an entry under `key`, or a key made from
 * them.
 */
export async function pushPaths(
  given: readonly string[],
  key: string | undefined,
  { inputs, runtime }: { readonly inputs: Inputs; readonly runtime: Runtime },
): Promise<SavedEntry & { readonly key: string; readonly paths: number }> {
  const outputs = [...new Set(await Promise.all(given.map(path => findOutput(path, runtime))))].sort();
  const nix = findNix(inputs.nix, runtime);
  if (nix === undefined) throw new Failure('Cannot push store paths: there is no Nix on this machine.');
  const [invalid] = await findInvalidPaths(nix, outputs);
  if (invalid !== undefined) throw new Failure(`Cannot push ${invalid}: the store does not have it. Build it first.`);
  const registered = await readRegistrations(nix, [...(await readRequisites(nix, outputs))]);
  const paths = sortByReferences([...registered].map(([path, facts]) => ({ path, ...facts })));
  const manifest = { system: nixSystem, paths, layers: [], outputs, toolchain: [] };
  const named = key ?? keyOf(outputs);
  const saved = await openEntries(inputs, runtime)?.save(manifest, named).catch(explainFault);
  if (saved === undefined) throw new TypeError('A registry refuses with an error.');
  runtime.log.info(
    `Saved ${paths.length} store paths as ${named}: ${formatSize(saved.size)}, ${formatSize(saved.sent)} sent`,
  );
  return { ...saved, key: named, paths: paths.length };
}

async function findOutput(path: string, { resolve }: Runtime): Promise<string> {
  const output = await storePathAt(resolve(path));
  if (output !== undefined) return output;
  throw new Failure(`Cannot push ${path}: it is neither a store path nor a link to one. Give the result of a build.`);
}

/** Rethrows an error; one of the disk as a Failure. */
function explainFault(cause: unknown): never {
  if (cause instanceof Failure || codeOf(cause) === '') throw cause;
  const advice = hasCode(cause, 'ENOENT')
    ? 'Push from a store whose files are in /nix/store.'
    : 'Set TMPDIR to a directory that is writable and has room.';
  throw new Failure(`Cannot push store paths: ${sentence(messageOf(cause))} ${advice}`, { cause });
}

/** A key in the form of those for builds: paths that differ only in versions have the same prefix. */
function keyOf(outputs: readonly string[]): string {
  const hash = (texts: readonly string[]) => hexOf(digestOf(texts.join('\n')));
  const spec = hash(outputs.map(storePathName)).slice(0, 12);
  return `nix-image-${formatVersion}-${nixSystem}-${spec}-${hash(outputs).slice(0, 32)}`;
}
