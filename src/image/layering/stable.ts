import { linkNodes, type Node, sortByName } from './closure-graph.ts';

/** By store path: what it refers to, all of which is in the closure, and its size in bytes as a NAR. */
export type SizedClosure = ReadonlyMap<string, { readonly references: readonly string[]; readonly narSize: number }>;

/**
 * What one more layer costs in bytes: the requests, headers and the place among 125, which Docker stacks, that it
 * takes. Paths share a layer if keeping them apart saves fewer bytes than this at an average change.
 */
const layerCost = 16 * 1024;

/** How far apart in the order two groups may be to become one. Wider gains below 1 %, and takes as much longer. */
const reach = 16;
const reachOfMany = 2;

/** Up to this many times as many groups as layers are compared over the full reach. */
const fullReachFactor = 8;

/** Store paths that are to share a layer. */
interface Group {
  readonly paths: readonly string[];
  /** Bytes. */
  readonly size: number;
  /** The paths whose change changes the group, one bit each: all that it consists of or refers to. */
  readonly causes: Int32Array;
  readonly causeCount: number;
  /** Number of its paths that nothing refers to. */
  readonly roots: number;
  /** What it costs to merge with each of those that follow, the next one first, as far as it was computed. */
  readonly mergeCosts: number[];
}

/**
 * A closure in at most `maxLayers` layers, from the base upwards, such that a change sends as few bytes as possible. A
 * pure function of the closure; a new hash of a path, or a slightly different size, moves no other path.
 *
 * A changed path gets a new hash, and so does all that refers to it. A layer changes with any path that it, or anything
 * in it, refers to. The paths that nothing refers to, the application, change most often and stay apart from all
 * others. Among the others, ordered by how many paths they refer to, those neighbours are merged whose union adds the
 * fewest bytes to an average change, until the layers fit and each is worth its cost. Throws a Failure if references
 * lead out of the closure or in a circle.
 */
export function stableLayers(closure: SizedClosure, maxLayers: number): readonly (readonly string[])[] {
  const groups = orderGroups(closure);
  const count = groups.length;
  mergeNeighbours(groups, { reach: reachOfMany, most: fullReachFactor * maxLayers, threshold: 0, count });
  mergeNeighbours(groups, { reach, most: maxLayers, threshold: layerCost * count, count });
  orderForDocker(groups);
  const layers = groups.length > maxLayers ? [groups.flatMap(({ paths }) => paths)] : groups.map(({ paths }) => paths);
  return layers.map(sortByName);
}

/** Every path as a group: those that refer to the fewest others first, those that nothing refers to last. */
function orderGroups(closure: SizedClosure): Group[] {
  const nodes = linkNodes(closure);
  const causes = collectCauses(nodes);
  const byName = new Map(sortByName([...closure.keys()]).map((path, i) => [path, i]));
  const groups = nodes.map(({ path, users }, i) => {
    const own = causes[i] as Int32Array;
    const group: Group = {
      paths: [path],
      size: roundedSize(closure.get(path)?.narSize ?? 0),
      causes: own,
      causeCount: countBits(own),
      roots: users.length === 0 ? 1 : 0,
      mergeCosts: [],
    };
    return { group, name: byName.get(path) ?? 0 };
  });
  groups.sort((a, b) => a.group.roots - b.group.roots || a.group.causeCount - b.group.causeCount || a.name - b.name);
  return groups.map(({ group }) => group);
}

/** For each node the set of itself and all that it refers to. */
function collectCauses(nodes: readonly Node[]): readonly Int32Array[] {
  const indexes = new Map(nodes.map((node, i) => [node, i]));
  const words = Math.ceil(nodes.length / 32);
  const all = new Int32Array(nodes.length * words);
  const causes = nodes.map((_, i) => all.subarray(i * words, (i + 1) * words));
  for (const [i, node] of [...nodes.entries()].reverse()) {
    const own = causes[i] as Int32Array;
    own[i >> 5] = (own[i >> 5] ?? 0) | (1 << (i & 31));
    for (const reference of node.references) addBits(own, causes[indexes.get(reference) ?? 0] as Int32Array);
  }
  return causes;
}

/** To the nearest half power of two, so that a new version of about the same size changes no decision. */
function roundedSize(bytes: number): number {
  return 2 ** (Math.round(2 * Math.log2(Math.max(bytes, 1))) / 2);
}

interface MergeOptions {
  readonly reach: number;
  /** Merges until no more groups than this are left, */
  readonly most: number;
  /** and then on while a merge costs less than this. */
  readonly threshold: number;
  /** Number of paths in the closure. */
  readonly count: number;
}

/** Merges neighbours in place, always the pair that costs least; the first of equal ones. */
function mergeNeighbours(groups: Group[], options: MergeOptions): void {
  const { reach, most, threshold, count } = options;
  // Of each group the cheapest merge with one of those that follow: its cost, and how many places away that one is.
  const costs = new Float64Array(groups.length);
  const steps = new Uint8Array(groups.length);
  const update = (i: number) => {
    const step = cheapestStep(groups, i, options);
    costs[i] = groups[i]?.mergeCosts[step - 1] ?? noMerge;
    steps[i] = step;
  };
  for (let i = 0; i < groups.length; i++) update(i);
  while (groups.length > 1) {
    const i = indexOfLeast(costs, groups.length);
    const cost = costs[i] ?? noMerge;
    if (cost === noMerge || (groups.length <= most && cost >= threshold)) return;
    const partner = i + (steps[i] ?? 0);
    const merged = mergeGroups(groups[i] as Group, groups[partner] as Group);
    groups[i] = merged;
    groups.splice(partner, 1);
    for (const list of [costs, steps]) list.copyWithin(partner, partner + 1);
    // All that had one of the two within reach.
    for (let j = Math.max(0, i - reach); j < Math.min(partner, groups.length); j++) {
      const group = groups[j] as Group;
      group.mergeCosts.splice(partner - j - 1, 1);
      if (i - j <= group.mergeCosts.length && j < i) group.mergeCosts[i - j - 1] = mergeCost(group, merged, count);
      update(j);
    }
  }
}

const noMerge = Number.POSITIVE_INFINITY;

function indexOfLeast(numbers: Float64Array, length: number): number {
  let least = 0;
  for (let i = 1; i < length; i++) if ((numbers[i] as number) < (numbers[least] as number)) least = i;
  return least;
}

/** How far away the one of those that follow within reach is that costs least to merge with; 0 if there is none. */
function cheapestStep(groups: readonly Group[], i: number, { reach, count }: MergeOptions): number {
  const group = groups[i] as Group;
  const { mergeCosts } = group;
  while (mergeCosts.length < reach) {
    const other = groups[i + mergeCosts.length + 1];
    if (other === undefined || group.roots > 0 !== other.roots > 0) break;
    mergeCosts.push(mergeCost(group, other, count));
  }
  let step = 0;
  let least = noMerge;
  for (let at = 0; at < mergeCosts.length; at++) {
    const cost = mergeCosts[at] as number;
    if (cost >= least) continue;
    least = cost;
    step = at + 1;
  }
  return step;
}

/**
 * Bytes of each side times the number of paths whose change would newly hit it. A root counts as often as all paths
 * together: half of all changes are the application's own.
 */
function mergeCost(a: Group, b: Group, count: number): number {
  const union = countUnion(a.causes, b.causes);
  return a.size * (union - a.causeCount + b.roots * count) + b.size * (union - b.causeCount + a.roots * count);
}

/**
 * Docker's own store pulls all layers above the lowest one that changed, changed or not. Each layer moves down as long
 * as Docker pulls fewer unchanged bytes that way. What nothing refers to stays on top.
 */
function orderForDocker(groups: Group[]): void {
  for (let next = 1; next < groups.length; next++) {
    for (let i = next; i > 0; i--) {
      const [lower, upper] = [groups[i - 1] as Group, groups[i] as Group];
      if (upper.roots > 0 || !isBetterBelow(upper, lower)) break;
      [groups[i - 1], groups[i]] = [upper, lower];
    }
  }
}

/**
 * Whether the bytes of one layer, times the paths whose change hits only the other, are fewer if the first is below.
 */
function isBetterBelow(one: Group, other: Group): boolean {
  const union = countUnion(one.causes, other.causes);
  return other.size * (union - other.causeCount) < one.size * (union - one.causeCount);
}

/** The second into the first, whose bits become those of both. */
function mergeGroups(a: Group, b: Group): Group {
  addBits(a.causes, b.causes);
  return {
    paths: [...a.paths, ...b.paths],
    size: a.size + b.size,
    causes: a.causes,
    causeCount: countBits(a.causes),
    roots: a.roots + b.roots,
    mergeCosts: [],
  };
}

function addBits(bits: Int32Array, others: Int32Array): void {
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] as number) | (others[i] as number);
}

function countBits(bits: Int32Array): number {
  return countUnion(bits, bits);
}

/** Number of bits that are set in one or the other. Hacker's Delight, "Counting 1-bits" */
function countUnion(a: Int32Array, b: Int32Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    let bits = (a[i] as number) | (b[i] as number);
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }
  return count;
}
