import { Failure } from '../../lib/failure.ts';

/** Store paths by name, each with the store paths it refers to, all of which are in the closure. */
export type References = ReadonlyMap<string, { readonly references: readonly string[] }>;

/** A store path, without itself in its references and referrers. */
export interface Node {
  readonly path: string;
  readonly references: Node[];
  readonly users: Node[];
}

/** The store paths of a closure as a graph, roots first, each path before those that it refers to. */
export function linkNodes(closure: References): readonly Node[] {
  const nodes = new Map<string, Node>();
  for (const path of closure.keys()) nodes.set(path, { path, references: [], users: [] });
  for (const [path, { references }] of closure) {
    const user = nodes.get(path);
    for (const reference of new Set(references)) {
      const node = nodes.get(reference);
      if (user === undefined || node === undefined) {
        throw new Failure(
          `Cannot divide the closure into layers: ${path} refers to ${reference}, which is not in the closure.`,
        );
      }
      if (node === user) continue;
      user.references.push(node);
      node.users.push(user);
    }
  }
  return sortUsersFirst([...nodes.values()]);
}

function sortUsersFirst(nodes: readonly Node[]): readonly Node[] {
  const waiting = new Map(nodes.map(node => [node, node.users.length]));
  const sorted = nodes.filter(node => node.users.length === 0);
  for (const node of sorted) {
    for (const reference of node.references) {
      const left = (waiting.get(reference) ?? 0) - 1;
      waiting.set(reference, left);
      if (left === 0) sorted.push(reference);
    }
  }
  const circular = nodes.find(node => (waiting.get(node) ?? 0) > 0);
  if (circular === undefined) return sorted;
  throw new Failure(`Cannot divide the closure into layers: the references of ${circular.path} form a cycle.`);
}

/**
 * Sorts store paths by name, and those with the same name by hash: `hello-2.12-/nix/store/<hash>`. A new hash alone
 * moves nothing else.
 */
export function sortByName(paths: readonly string[]): readonly string[] {
  const named = paths.map(path => ({ path, name: sortName(path) }));
  named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return named.map(({ path }) => path);
}

function sortName(path: string): string {
  const [start, ...name] = path.split('-');
  return [...name, start].join('-');
}
