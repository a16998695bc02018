import { Failure } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';
import { isStorePath, storeDirectoryOf } from '../store-path.ts';
import { createBuildLog, readLogLine } from './build-log.ts';
import { readRegistrations } from './closure.ts';
import { derivationReader } from './derivation-file.ts';
import { findDerivations } from './find-derivations.ts';
import { inBatches } from './in-batches.ts';
import { readRequisites, storeProgram } from './store.ts';
import type { NixProgram } from './toolchain.ts';

/** The outcome of a second build. */
export interface Rebuilt {
  /** Store paths of the derivations, sorted. */
  readonly derivations: readonly string[];
  /** Outputs with another NAR than before, which Nix keeps until it collects garbage. */
  readonly different: readonly DifferentOutput[];
}

export interface DifferentOutput {
  readonly path: string;
  /** Where the output of the second build is; undefined if it was not kept. */
  readonly again: string | undefined;
}

/**
 * Builds derivations again and compares the NARs of their outputs: `derivations` themselves, and of everything that
 * they were built from what this machine built. What it fetched or restored is left out, and so is what has a fixed
 * hash. A Failure if a second build fails.
 */
export async function rebuild(nix: NixProgram, derivations: readonly string[], runtime: Runtime): Promise<Rebuilt> {
  const all = [...new Set([...derivations, ...(await findBuiltHere(nix, derivations))])].sort();
  const different: DifferentOutput[] = [];
  for (const batch of inBatches(all)) different.push(...(await check(nix, batch, runtime)));
  return { derivations: all, different };
}

async function findBuiltHere(nix: NixProgram, derivations: readonly string[]): Promise<readonly string[]> {
  const requisites = await readRequisites(nix, derivations);
  const paths = [...requisites].filter(path => !path.endsWith('.drv'));
  const registered = await readRegistrations(nix, paths);
  const builtHere = [...registered].filter(
    ([, { isBuiltHere, isContentAddressed }]) => isBuiltHere && !isContentAddressed,
  );
  const made = builtHere.map(([path]) => path);
  const found = findDerivations(made, derivations, { nix, read: derivationReader() });
  return [...found.values()];
}

/** `nix-store --check`: `nix build --rebuild` could not check several derivations in all versions of Nix. */
async function check(nix: NixProgram, derivations: readonly string[], runtime: Runtime): Promise<DifferentOutput[]> {
  const run = async (options: readonly string[]) => {
    const log = createBuildLog(runtime.now);
    const args = ['--realise', '--no-gc-warning', ...options, '--log-format', 'internal-json', ...derivations];
    const { code } = await nix.exec(storeProgram(nix), args, {
      env: nix.env,
      cwd: runtime.directory,
      onErrorLine: line => {
        const said = readLogLine(log, line);
        if (said !== undefined) runtime.log[said.level](said.text);
      },
    });
    return { code, errors: log.errors, last: [...log.errors, ...log.plain].join('\n'), work: log.work };
  };
  // All outputs must be there to be compared; a cache may have restored only some.
  const before = await run([]);
  if (before.code !== 0) throw new Failure(`Cannot build the image again: ${before.last}`);
  const { code, errors, last, work } = await run(['--check', '--keep-failed', '--keep-going']);
  const different = differencesIn(errors, storeDirectoryOf(nix.env));
  // With 0 nothing differs. Otherwise a build failed or an output differs: through a daemon only the messages tell
  // which.
  if (different.length > 0) return different;
  if (code !== 0) throw new Failure(`Cannot build the image again: ${last}`);
  // With "max-jobs = 0" Nix 2.8 and 2.26 ask a remote builder, which compares nothing; 2.34 builds nothing.
  if (work.builtElsewhere === 0 && work.built >= derivations.length) return [];
  throw new Failure(
    'Cannot compare a second build: Nix did not build all of it on this machine, and compares nothing else. ' +
      'Put "max-jobs = 1" or more into nix-conf.',
  );
}

/** Since 2.31 Nix writes other quotes. */
const difference =
  /^derivation ['"]\S+\.drv['"] may not be deterministic: output ['"](?<path>[^\s'"]+)['"] differs(?: from ['"](?<again>[^\s'"]+)['"])?/m;

/** Nix names each output in an error, and repeats it at the end. */
function differencesIn(errors: readonly string[], store: string): DifferentOutput[] {
  const found = new Map<string, DifferentOutput>();
  for (const error of errors) {
    const { path = '', again } = difference.exec(error)?.groups ?? {};
    if (isStorePath(path, store)) found.set(path, { path, again: again === `${path}.check` ? again : undefined });
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
