import { linkNodes, type Node, type References, sortByName } from './closure-graph.ts';

/**
 * Distributes a closure over at most `maxLayers` layers, from the base upwards: the most popular store paths in one
 * each, the rest in the last. The same layers as nixpkgs' dockerTools up to 24.11, and as its `popularity_contest` with
 * `limit_layers` since.
 */
export function layersByPopularity(closure: References, maxLayers: number): readonly (readonly string[])[] {
  const order = orderByPopularity(closure);
  const alone = order.slice(0, maxLayers - 1).map(path => [path]);
  const rest = order.slice(maxLayers - 1);
  return rest.length === 0 ? alone : [...alone, rest];
}

/**
 * The store paths of a closure, the most popular first, equally popular ones by name. The same order as nixpkgs'
 * `popularity_contest`, which weighs a path by all ways to it from the roots and from everything in between. This
 * counts the ways once per path; a path's popularity is their sum over all paths that lead to it.
 */
export function orderByPopularity(closure: References): readonly string[] {
  const nodes = linkNodes(closure);
  const ways = countWays(nodes);
  const popularity = new Map(nodes.map(node => [node.path, popularityOf(node, ways)]));
  const of = (path: string) => popularity.get(path) ?? 0n;
  return sortByName([...closure.keys()]).toSorted((a, b) => (of(a) === of(b) ? 0 : of(a) > of(b) ? -1 : 1));
}

/** The number of ways from the roots to each path, which grows exponentially with the depth. */
function countWays(nodes: readonly Node[]): ReadonlyMap<Node, bigint> {
  const ways = new Map(nodes.map(node => [node, node.users.length === 0 ? 1n : 0n]));
  for (const node of nodes) {
    for (const reference of node.references) ways.set(reference, (ways.get(reference) ?? 0n) + (ways.get(node) ?? 0n));
  }
  return ways;
}

function popularityOf(node: Node, ways: ReadonlyMap<Node, bigint>): bigint {
  let sum = 0n;
  const leading = new Set([node]);
  for (const one of leading) {
    sum += ways.get(one) ?? 0n;
    for (const user of one.users) leading.add(user);
  }
  return sum;
}
