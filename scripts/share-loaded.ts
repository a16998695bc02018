import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Metafile, Plugin } from 'esbuild';

type Inputs = Metafile['inputs'];

/**
 * esbuild gives each set of entries that share code a chunk, and each chunk takes time to load. A part that loads on demand
 * is an entry, although much of its code is always loaded by then: if it imports all of that, there are fewer sets. Takes
 * what was built without this plugin, and the entries that start.
 */
export function shareLoaded({ inputs }: Metafile, starts: readonly string[]): Plugin {
  const loaded = findLoaded(inputs, starts);
  // A start waits for what it loads, which must not wait for it.
  const isShared = (file: string) => /^src\/.*\.ts$/.test(file) && !starts.includes(file);
  return {
    name: 'share what is loaded',
    setup({ initialOptions, onLoad }) {
      const root = initialOptions.absWorkingDir ?? process.cwd();
      onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
        const before = loaded.get(relative(root, path));
        if (before === undefined) return undefined;
        const imports = [...before].filter(isShared).map(file => `import '${join(root, file)}';\n`);
        return { contents: `${await readFile(path, 'utf8')}\n${imports.join('')}`, loader: 'ts' };
      });
    },
  };
}

/** For each entry that loads on demand: what every program that loads it has loaded by then. */
function findLoaded(inputs: Inputs, starts: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const loads = new Map(starts.map(start => [start, new Set<string>()]));
  const work = [...starts];
  for (let entry = work.pop(); entry !== undefined; entry = work.pop()) {
    const own = importedBy(entry, inputs);
    const all = new Set([...(loads.get(entry) ?? []), ...own]);
    for (const later of [...own].flatMap(file => importsOf(file, inputs, kind => kind === 'dynamic-import'))) {
      const known = loads.get(later);
      const common = known === undefined ? all : new Set([...known].filter(file => all.has(file)));
      if (known !== undefined && common.size === known.size) continue;
      loads.set(later, common);
      work.push(later);
    }
  }
  for (const start of starts) loads.delete(start);
  return loads;
}

/** A module and all that it imports. */
function importedBy(entry: string, inputs: Inputs): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const file of found)
    for (const next of importsOf(file, inputs, kind => kind !== 'dynamic-import')) found.add(next);
  return found;
}

function importsOf(file: string, inputs: Inputs, isWanted: (kind: string) => boolean): string[] {
  const imports = inputs[file]?.imports.filter(({ external, kind }) => external !== true && isWanted(kind)) ?? [];
  return imports.map(({ path }) => path);
}
