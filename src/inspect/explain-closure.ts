/** A store path of a closure, and why the closure has it. Sizes in bytes of NARs. */
export interface ExplainedPath {
  readonly path: string;
  readonly own: number;
  /** Its own size and that of all paths that are in the closure only because of it. */
  readonly kept: number;
  /**
   * The path that keeps this one in the closure: every chain of references to this path contains it. Undefined if none
   * does.
   */
  readonly keeper: string | undefined;
  /** The path before it in a shortest chain of references from the application; undefined for the first path. */
  readonly before: string | undefined;
  /** Paths that refer to it. */
  readonly users: readonly string[];
}

/** The paths of a closure; references to paths outside it are ignored. */
export type Closure = ReadonlyMap<string, { readonly narSize: number; readonly references: readonly string[] }>;

/**
 * Explains each path of a closure, the one that keeps most first. Chains of references begin at `applications`, if
 * these reach the path. The keepers form the dominator tree of the references, whose root precedes all unreferenced
 * paths.
 */
export function explainClosure(closure: Closure, applications: readonly string[]): ExplainedPath[] {
  const users = usersOf(closure);
  const order = usersFirst(closure);
  const keepers = keepersOf(order, users);
  const before = pathsBefore(closure, [applications, order.filter(path => users.get(path)?.length === 0)]);
  const kept = new Map(order.map(path => [path, closure.get(path)?.narSize ?? 0]));
  for (const path of order.toReversed()) {
    const keeper = keepers.get(path);
    if (keeper !== undefined) kept.set(keeper, (kept.get(keeper) ?? 0) + (kept.get(path) ?? 0));
  }
  return order
    .map(path => ({
      path,
      own: closure.get(path)?.narSize ?? 0,
      kept: kept.get(path) ?? 0,
      keeper: keepers.get(path),
      before: before.get(path),
      users: users.get(path) ?? [],
    }))
    .sort((a, b) => b.kept - a.kept || (a.path < b.path ? -1 : 1));
}

/** References within the closure, without references of a path to itself. */
function referencesOf(closure: Closure, path: string): string[] {
  return (closure.get(path)?.references ?? []).filter(reference => reference !== path && closure.has(reference));
}

function usersOf(closure: Closure): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>([...closure.keys()].map(path => [path, []]));
  for (const path of closure.keys()) {
    for (const reference of referencesOf(closure, path)) users.get(reference)?.push(path);
  }
  return users;
}

/** All paths, each after those that refer to it. */
function usersFirst(closure: Closure): string[] {
  const done = new Set<string>();
  const reversed: string[] = [];
  for (const start of closure.keys()) {
    // Without recursion: a chain of references may overflow the stack.
    const open = [{ path: start, left: referencesOf(closure, start) }];
    if (done.has(start)) continue;
    done.add(start);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) reversed.push((open.pop() as typeof top).path);
      else if (!done.has(next)) {
        done.add(next);
        open.push({ path: next, left: referencesOf(closure, next) });
      }
    }
  }
  return reversed.reverse();
}

/** Immediate dominators. One pass suffices if users come first: each path's is the closest that all its users share. */
function keepersOf(
  order: readonly string[],
  users: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, string | undefined> {
  const keepers = new Map<string, string | undefined>();
  const depths = new Map<string, number>();
  const depthOf = (path: string | undefined) => (path === undefined ? 0 : (depths.get(path) ?? 0));
  const closest = (a: string | undefined, b: string | undefined): string | undefined => {
    let [one, other] = [a, b];
    while (one !== other) {
      if (depthOf(one) >= depthOf(other)) one = one === undefined ? undefined : keepers.get(one);
      else other = other === undefined ? undefined : keepers.get(other);
    }
    return one;
  };
  for (const path of order) {
    const [first, ...others] = users.get(path) ?? [];
    const keeper = others.reduce<string | undefined>(closest, first);
    keepers.set(path, keeper);
    depths.set(path, depthOf(keeper) + 1);
  }
  return keepers;
}

/** For each path the one before it in a shortest chain: a breadth-first search from each group of starts in turn. */
function pathsBefore(
  closure: Closure,
  starts: readonly (readonly string[])[],
): ReadonlyMap<string, string | undefined> {
  const before = new Map<string, string | undefined>();
  for (const some of starts) {
    const queue = some.filter(path => closure.has(path) && !before.has(path));
    for (const path of queue) before.set(path, undefined);
    for (const path of queue) {
      for (const reference of referencesOf(closure, path)) {
        if (before.has(reference)) continue;
        before.set(reference, path);
        queue.push(reference);
      }
    }
  }
  return before;
}

/** A shortest chain of references to a path, from the application or from another path that nothing refers to. */
export function routeTo({ path, before: previous }: ExplainedPath, paths: readonly ExplainedPath[]): string[] {
  const before = new Map(paths.map(one => [one.path, one.before]));
  const route = [path];
  for (let at = previous; at !== undefined; at = before.get(at)) route.push(at);
  return route.reverse();
}
