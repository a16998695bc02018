import { type Derivation, inputFor, type ReadDerivation } from '../nix/derivation-file.ts';
import { isInStore } from '../store-path.ts';
import type { SourceFile } from './inventory.ts';

/**
 * The attributes that name what a derivation is built from. nixpkgs manual, "The standard environment": `src`, `srcs`,
 * `patches`.
 */
export interface Sources {
  readonly sources: readonly SourceFile[];
  readonly patches: readonly SourceFile[];
}

/** The sources and patches that the attributes of a derivation name. */
export function readSourceFiles(derivation: Derivation, read: ReadDerivation): Sources {
  const { src = '', srcs = '', patches = '' } = derivation.attributes;
  const describe = (list: string) => pathsIn(list).map(path => describeFile(path, derivation, read));
  return { sources: describe(`${src} ${srcs}`), patches: describe(patches) };
}

/** The store paths in a list that is separated by spaces. */
function pathsIn(list: string): string[] {
  const words = new Set(list.split(/\s+/).filter(word => isInStore(word)));
  return [...words];
}

function describeFile(file: string, derivation: Derivation, read: ReadDerivation): SourceFile {
  const path = file.split('/').slice(0, 4).join('/');
  const fetcher = inputFor(path, derivation, read);
  const output = fetcher?.outputs.find(one => one.path === path);
  if (fetcher === undefined || output === undefined || output.hash === '') return { path: file };
  const url = fetchedFrom(fetcher.attributes);
  const { algorithm, hash: hex } = output;
  const hash = { algorithm: algorithm.replace(/^r:/, ''), hex, isNar: algorithm.startsWith('r:') };
  return { path: file, ...(url === undefined ? {} : { url }), hash };
}

/** Longest URL, in characters; real ones are shorter. */
const longestUrl = 2048;

/** Parameters that name a version in a public repository, as in GitHub's patches and in cgit. */
const harmlessNames = new Set(['full_index', 'id', 'h', 'rev', 'commit']);
const harmlessValue = /^(?:v?\d{1,5}(?:\.\d{1,5}){0,3}|[0-9a-f]{40})$/;

/**
 * The URL in the attributes of nixpkgs' and Nix's own fetchers. A login is left out, and so is a query that may hold a
 * token, since the document is published. A commit of a git repository has the form that SPDX defines.
 */
function fetchedFrom({ url, urls, rev }: Derivation['attributes']): string | undefined {
  const [first = ''] = (urls || url || '').trim().split(/\s+/);
  if (first.length > longestUrl || !URL.canParse(first)) return undefined;
  const parsed = new URL(first);
  parsed.username = '';
  parsed.password = '';
  parsed.hash = '';
  const isHarmless = [...parsed.searchParams].every(
    ([name, value]) => harmlessNames.has(name) && harmlessValue.test(value),
  );
  if (!isHarmless) parsed.search = '';
  const isGit = rev !== undefined && /^[\w./-]+$/.test(rev) && urls === undefined;
  return isGit ? `git+${parsed.href}@${rev}` : parsed.href;
}
