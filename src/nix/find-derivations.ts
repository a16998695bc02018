import { type BuildGraph, withBuildGraph } from './database.ts';
import type { ReadDerivation } from './derivation-file.ts';
import type { NixProgram } from './toolchain.ts';

/** Most derivations that a search visits; the whole graph of a large image, compilers included, has a few thousand. */
const mostVisited = 20_000;

/**
 * The derivations that make these store paths, by path: first those that a derivation in `roots` needs, the nearest
 * ones first, then those that the next one needs. Paths that are made by none, or by one that is not in the store, are
 * missing.
 */
export function findDerivations(
  paths: readonly string[],
  roots: readonly string[],
  { nix, read }: { readonly nix: NixProgram; readonly read: ReadDerivation },
): ReadonlyMap<string, string> {
  return withBuildGraph(nix, graph => search(paths, roots, graph)) ?? search(paths, roots, path => graphOf(read(path)));
}

function search(paths: readonly string[], roots: readonly string[], graph: BuildGraph): ReadonlyMap<string, string> {
  const left = new Set(paths);
  const found = new Map<string, string>();
  const seen = new Set<string>();
  for (const root of roots) {
    for (let level = new Set([root]); level.size > 0 && left.size > 0 && seen.size < mostVisited; ) {
      const next = new Set<string>();
      for (const derivation of level) {
        if (seen.has(derivation)) continue;
        seen.add(derivation);
        const { outputs = [], inputs = [] } = graph(derivation) ?? {};
        for (const path of outputs) if (left.delete(path)) found.set(path, derivation);
        for (const path of inputs) {
          if (path.endsWith('.drv')) next.add(path);
          else left.delete(path);
        }
      }
      level = new Set([...next].sort());
    }
  }
  return found;
}

function graphOf(derivation: ReturnType<ReadDerivation>): ReturnType<BuildGraph> {
  if (derivation === undefined) return undefined;
  const { outputs, inputDerivations, inputSources } = derivation;
  return { outputs: outputs.map(({ path }) => path), inputs: [...inputDerivations, ...inputSources] };
}
