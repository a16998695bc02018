import { parsePackageName, storePathName } from '../store-path.ts';
import type { ExplainedPath } from './explain-closure.ts';

/** Store paths that the closure probably does not need. */
export interface Saving {
  readonly kind: 'development files' | 'documentation' | 'compiler' | 'several versions';
  /** The store paths that could go. */
  readonly paths: readonly string[];
  /** Bytes that the closure would lose with them. */
  readonly bytes: number;
  /** Paths that refer to them. */
  readonly users: readonly string[];
  readonly advice: string;
}

const compilers =
  /^(?:gcc(?:-wrapper)?|clang(?:-wrapper)?|llvm|rustc(?:-wrapper)?|cargo|go|ghc|binutils(?:-wrapper)?|cmake|gnumake|openjdk|zig)$/;

/** Tests of the name of a store path, `gcc-14.3.0-lib`. Programs need the libraries of a compiler at run time. */
const rules: readonly {
  readonly kind: Saving['kind'];
  readonly isMatch: (name: string) => boolean;
  readonly advice: string;
}[] = [
  {
    kind: 'development files',
    isMatch: name => name.endsWith('-dev'),
    advice: 'Refer to the output without headers (lib.getLib), or remove the reference (removeReferencesTo).',
  },
  {
    kind: 'documentation',
    isMatch: name => /-(?:doc|man|info|devdoc)$/.test(name),
    advice: 'Leave the documentation out: name the outputs that you need, or set meta.outputsToInstall.',
  },
  {
    kind: 'compiler',
    isMatch: name => compilers.test(parsePackageName(name).name) && !/-(?:lib|libgcc)$/.test(name),
    advice:
      'Programs rarely need it at run time: move it to nativeBuildInputs, or remove the reference (removeReferencesTo).',
  },
];

/** The paths that a closure probably does not need, the largest group first. */
export function suggestSavings(paths: readonly ExplainedPath[]): Saving[] {
  const byRule = rules.flatMap(({ kind, isMatch, advice }) =>
    paths
      .filter(({ path }) => isMatch(storePathName(path)))
      .map(({ path, kept, users }) => ({ kind, paths: [path], bytes: kept, users, advice })),
  );
  return [...byRule, ...severalVersions(paths)].sort((a, b) => b.bytes - a.bytes);
}

/** Packages of which the closure has several versions: all but the largest could go. */
function severalVersions(paths: readonly ExplainedPath[]): Saving[] {
  const keepers = new Map(paths.map(({ path, keeper }) => [path, keeper]));
  const groups = new Map<string, ExplainedPath[]>();
  for (const one of paths) {
    const { name, version } = parsePackageName(one.path);
    if (version === '') continue;
    const output = storePathName(one.path).slice(name.length + 1 + version.length);
    groups.set(`${name} ${output}`, [...(groups.get(`${name} ${output}`) ?? []), one]);
  }
  return [...groups.values()].flatMap(group => {
    const versions = new Set(group.map(({ path }) => parsePackageName(path).version));
    if (versions.size < 2) return [];
    const others = group.toSorted((a, b) => b.kept - a.kept).slice(1);
    return [
      {
        kind: 'several versions' as const,
        paths: others.map(({ path }) => path),
        bytes: keptBy(others, keepers),
        users: [...new Set(others.flatMap(({ users }) => users))],
        advice: `Use one version everywhere (an overlay, or "follows" for flake inputs). There are ${[...versions].sort().join(', ')}.`,
      },
    ];
  });
}

/** Bytes that these paths keep together; a path that another of them keeps counts once. */
function keptBy(paths: readonly ExplainedPath[], keepers: ReadonlyMap<string, string | undefined>): number {
  const names = new Set(paths.map(({ path }) => path));
  const isKept = ({ path }: ExplainedPath) => {
    for (let at = keepers.get(path); at !== undefined; at = keepers.get(at)) if (names.has(at)) return true;
    return false;
  };
  return paths.filter(one => !isKept(one)).reduce((sum, { kept }) => sum + kept, 0);
}
