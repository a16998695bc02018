import { Failure } from '../../lib/failure.ts';

/** Store paths by name, each with the store paths it refers to, all of which are in the closure. */
export type References = ReadonlyMap<string, { readonly references: readonly string[] }>;

/** A store path among those it refers to and those that refer to it, itself left out. */
interface Node {
  readonly path: string;
  readonly references: Node[];
  readonly users: Node[];
  /** In how many ways the roots, which nothing refers to, lead here. Grows exponentially with the depth. */
  ways: bigint;
  /** Users that are not counted yet. */
  waiting: number;
}

/**
 * A closure in at most `maxLayers` layers, from the base upwards: the most popular store paths in one each, the rest in
 * the last. The layers of nixpkgs' dockerTools up to 24.11, and of its `popularity_contest` with `limit_layers` since.
 */
export function layerClosure(closure: References, maxLayers: number): readonly (readonly string[])[] {
  const order = orderByPopularity(closure);
  const alone = order.slice(0, maxLayers - 1).map(path => [path]);
  const rest = order.slice(maxLayers - 1);
  return rest.length === 0 ? alone : [...alone, rest];
}

/**
 * The store paths of a closure, the most popular first, equally popular ones by name. The same order as nixpkgs'
 * `popularity_contest`, which weighs a path by all ways to it from the roots and from everything in between. Here those
 * ways are counted once for each path, and a path's popularity is their sum over all that lead to it.
 */
export function orderByPopularity(closure: References): readonly string[] {
  const nodes = linkNodes(closure);
  countWays(nodes);
  return nodes
    .map(node => ({ path: node.path, name: sortName(node.path), popularity: popularityOf(node) }))
    .sort((a, b) => compare(b.popularity, a.popularity) || compare(a.name, b.name))
    .map(({ path }) => path);
}

function linkNodes(closure: References): readonly Node[] {
  const nodes = new Map<string, Node>();
  for (const path of closure.keys()) nodes.set(path, { path, references: [], users: [], ways: 0n, waiting: 0 });
  for (const [path, { references }] of closure) {
    const user = nodes.get(path);
    for (const reference of new Set(references)) {
      const node = nodes.get(reference);
      if (user === undefined || node === undefined) {
        throw new Failure(`Cannot lay out the closure: ${path} refers to ${reference}, which is not in it.`);
      }
      if (node === user) continue;
      user.references.push(node);
      node.users.push(user);
    }
  }
  return [...nodes.values()];
}

/** Users before what they refer to. */
function countWays(nodes: readonly Node[]): void {
  for (const node of nodes) node.waiting = node.users.length;
  const counted = nodes.filter(node => node.waiting === 0);
  for (const root of counted) root.ways = 1n;
  for (const node of counted) {
    for (const reference of node.references) {
      reference.ways += node.ways;
      reference.waiting--;
      if (reference.waiting === 0) counted.push(reference);
    }
  }
  const circular = nodes.find(node => node.waiting > 0);
  if (circular === undefined) return;
  throw new Failure(`Cannot lay out the closure: references lead in a circle to ${circular.path}.`);
}

function popularityOf(node: Node): bigint {
  let sum = 0n;
  const leading = new Set([node]);
  for (const { ways, users } of leading) {
    sum += ways;
    for (const user of users) leading.add(user);
  }
  return sum;
}

/** The name before the store directory and hash: `hello-2.12-/nix/store/<hash>`. */
function sortName(path: string): string {
  const [start, ...name] = path.split('-');
  return [...name, start].join('-');
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
