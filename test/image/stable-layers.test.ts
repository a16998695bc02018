import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { layersByPopularity } from '../../src/image/layering/popularity.ts';
import { type SizedClosure, stableLayers } from '../../src/image/layering/stable.ts';
import { failureWith } from '../support/failure.ts';

type Closure = Map<string, { references: readonly string[]; narSize: number }>;
type Row = [name: string, narSize: number, references: number[]];

const pathOf = (name: string) => `/nix/store/${'0'.repeat(32)}-${name}`;

/** A dependency graph of Debian's packages with an application on top, as [name, bytes, indexes of references] each. */
function debianClosure(name: string): Closure {
  const rows: Row[] = JSON.parse(
    readFileSync(new URL(`../vectors/layering/debian-${name}.json`, import.meta.url), 'utf8'),
  );
  return new Map(
    rows.map(([own, narSize, references]) => [
      pathOf(own),
      { narSize, references: references.map(i => pathOf(rows[i]?.[0] ?? '')) },
    ]),
  );
}

/** A pseudo-random closure whose last paths refer to earlier ones, with the one root `app`. */
function randomClosure(count: number, largest: number): Closure {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const names = Array.from({ length: count }, (_, i) => pathOf(`p${i}`));
  const closure: Closure = new Map(
    names.map((path, i) => {
      const references =
        i === 0
          ? []
          : Array.from({ length: 1 + Math.floor(random() * 5) }, () => names[Math.floor(random() * i)] ?? '');
      return [path, { references, narSize: 1 + Math.floor(random() * largest) }];
    }),
  );
  closure.set(pathOf('app'), { references: names, narSize: 5_000_000 });
  return closure;
}

/** For each path the layers that its change, and so that of all that refers to it, sends again: bytes, mean over all paths. */
function meanBytesOfChange(closure: SizedClosure, layers: readonly (readonly string[])[]): number {
  const reached = (path: string, seen: Set<string>): Set<string> => {
    if (seen.has(path)) return seen;
    seen.add(path);
    for (const reference of closure.get(path)?.references ?? []) reached(reference, seen);
    return seen;
  };
  const bytes = layers.map(paths => {
    const causes = new Set<string>();
    for (const path of paths) reached(path, causes);
    return causes.size * sizeOf(closure, paths);
  });
  return bytes.reduce((a, b) => a + b, 0) / closure.size;
}

/** The same for Docker's own store, which pulls all layers above the lowest one that changed. */
function meanBytesOfPull(closure: SizedClosure, layers: readonly (readonly string[])[]): number {
  const above = layers.map((_, i) => sizeOf(closure, layers.slice(i).flat()));
  const changed = new Map([...closure.keys()].map(path => [path, new Set([path])]));
  for (const seen of changed.values()) {
    for (const one of seen) for (const reference of closure.get(one)?.references ?? []) seen.add(reference);
  }
  const pulled = [...closure.keys()].map(
    path => above[layers.findIndex(paths => paths.some(one => changed.get(one)?.has(path)))] ?? 0,
  );
  return pulled.reduce((a, b) => a + b, 0) / closure.size;
}

const sizeOf = (closure: SizedClosure, paths: readonly string[]) =>
  paths.reduce((sum, path) => sum + (closure.get(path)?.narSize ?? 0), 0);

const layerWith = (layers: readonly (readonly string[])[], path: string) =>
  layers.find(layer => layer.includes(path)) ?? [];

/** Every path is in one layer, and there are no more layers than allowed. */
function expectPartition(closure: SizedClosure, layers: readonly (readonly string[])[], maxLayers: number): void {
  assert.deepEqual(layers.flat().toSorted(), [...closure.keys()].toSorted());
  assert.ok(layers.length <= maxLayers, `${layers.length} layers`);
  assert.ok(layers.every(layer => layer.length > 0));
}

/** The same closure with other sizes, hashes or neighbours. */
function withChanged(
  closure: Closure,
  path: string,
  change: { readonly to: string; readonly narSize?: number },
): Closure {
  const renamed = new Map([[path, change.to]]);
  const order = [...closure.keys()];
  // What refers to a changed path gets a new hash too.
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const one of order) {
      if (renamed.has(one) || !closure.get(one)?.references.some(reference => renamed.has(reference))) continue;
      renamed.set(one, one.replace('0'.repeat(32), '1'.repeat(32)));
      isDone = false;
    }
  }
  const nameOf = (one: string) => renamed.get(one) ?? one;
  return new Map(
    order.map(one => {
      const { references = [], narSize = 0 } = closure.get(one) ?? {};
      const size = one === path ? (change.narSize ?? narSize) : narSize;
      return [nameOf(one), { references: references.map(nameOf), narSize: size }];
    }),
  );
}

for (const name of ['npm', 'inkscape']) {
  const closure = debianClosure(name);
  const app = pathOf('application');

  test(`${name}: a changed application sends itself alone`, () => {
    const layers = stableLayers(closure, 99);
    expectPartition(closure, layers, 99);
    assert.deepEqual(layerWith(layers, app), [app]);
    assert.deepEqual(layers.at(-1), [app], 'the application is on top');
    assert.ok(sizeOf(closure, layerWith(layersByPopularity(closure, 99), app)) > 20 * sizeOf(closure, [app]));
  });

  test(`${name}: one changed path sends at most 1.08 times what a layer for each path would`, () => {
    const ideal = meanBytesOfChange(
      closure,
      [...closure.keys()].map(path => [path]),
    );
    assert.ok(meanBytesOfChange(closure, stableLayers(closure, 99)) <= 1.08 * ideal);
  });

  test(`${name}: Docker, which pulls all above the lowest changed layer, pulls at most 0.75 of what popularity costs`, () => {
    const [ours, others] = [stableLayers(closure, 99), layersByPopularity(closure, 99)];
    assert.ok(meanBytesOfPull(closure, ours) <= 0.75 * meanBytesOfPull(closure, others));
  });

  test(`${name}: another version of a library moves no path that does not refer to it`, () => {
    const libraries = [...closure.keys()].filter((_, i) => i % 40 === 0 && i > 0);
    const before = stableLayers(closure, 99);
    for (const library of libraries) {
      const { narSize = 0 } = closure.get(library) ?? {};
      const to = library.replace('0'.repeat(32), '2'.repeat(32));
      const after = stableLayers(withChanged(closure, library, { to, narSize: Math.round(narSize * 1.001) }), 99);
      const grouped = (layers: typeof before) => layers.map(layer => layer.map(path => path.replace(/[0-9]{32}/, '')));
      assert.deepEqual(grouped(after), grouped(before), library);
    }
  });

  test(`${name}: two applications on one closure share all else`, () => {
    const other: Closure = new Map(closure);
    const own = other.get(app);
    other.delete(app);
    other.set(pathOf('another'), { references: own?.references ?? [], narSize: 900_000 });
    const shared = (layers: typeof stableLayers) => {
      const [a, b] = [layers(closure, 99), layers(other, 99)];
      const known = new Set(a.map(layer => layer.join()));
      return b.filter(layer => known.has(layer.join())).reduce((sum, layer) => sum + sizeOf(other, layer), 0);
    };
    assert.equal(shared(stableLayers), sizeOf(other, [...other.keys()]) - 900_000);
    assert.ok(shared(stableLayers) >= shared(layersByPopularity));
  });
}

test('the order in which the closure is given makes no difference', () => {
  const closure = debianClosure('npm');
  const shuffled = new Map(
    [...closure]
      .toReversed()
      .map(([path, { references, narSize }]) => [path, { references: references.toReversed(), narSize }] as const),
  );
  assert.deepEqual(stableLayers(shuffled, 99), stableLayers(closure, 99));
});

test('1, 2 and 127 layers', () => {
  const closure = debianClosure('npm');
  for (const maxLayers of [1, 2, 127]) expectPartition(closure, stableLayers(closure, maxLayers), maxLayers);
  assert.equal(stableLayers(closure, 1).length, 1);
  assert.deepEqual(stableLayers(closure, 2).at(-1), [pathOf('application')]);
});

test('more applications than layers: small ones share first', () => {
  const library = pathOf('library');
  const closure: Closure = new Map([[library, { references: [], narSize: 30_000_000 }]]);
  for (const [name, narSize] of [
    ['a', 1000],
    ['b', 2000],
    ['c', 40_000_000],
  ] as const) {
    closure.set(pathOf(name), { references: [library], narSize });
  }
  assert.deepEqual(stableLayers(closure, 3), [[library], [pathOf('a'), pathOf('b')], [pathOf('c')]]);
});

test('a path that refers to itself is placed as one that does not', () => {
  const closure = debianClosure('npm');
  const selfish = new Map(
    [...closure].map(([path, info]) => [path, { ...info, references: [path, ...info.references] }]),
  );
  assert.deepEqual(stableLayers(selfish, 99), stableLayers(closure, 99));
});

test('one path larger than all others is sent again for its own sake only', () => {
  const closure = randomClosure(300, 100_000);
  const large = pathOf('large');
  closure.set(large, { references: [pathOf('p0')], narSize: 4_000_000_000 });
  closure.set(pathOf('app'), { references: [...closure.keys()].filter(path => path !== pathOf('app')), narSize: 1 });
  assert.deepEqual(layerWith(stableLayers(closure, 20), large), [large, pathOf('p0')], 'with what it refers to');
});

test('equal paths are distinguished by name', () => {
  const names = Array.from({ length: 50 }, (_, i) => pathOf(`lib${i}`));
  const closure: Closure = new Map(names.map(path => [path, { references: [], narSize: 1_000_000 }]));
  closure.set(pathOf('app'), { references: names, narSize: 1_000_000 });
  const layers = stableLayers(closure, 10);
  expectPartition(closure, layers, 10);
  assert.equal(layers.length, 10);
  assert.deepEqual(stableLayers(new Map([...closure].toReversed()), 10), layers);
});

test('tiny paths share layers, even if there is room for each', () => {
  const tiny = randomClosure(20, 4000);
  assert.ok(stableLayers(tiny, 100).length <= 4, String(stableLayers(tiny, 100).length));
  const thousands = randomClosure(3000, 4000);
  const layers = stableLayers(thousands, 100);
  expectPartition(thousands, layers, 100);
  assert.deepEqual(layers.at(-1), [pathOf('app')]);
});

test('an empty closure has no layers', () => {
  assert.deepEqual(stableLayers(new Map(), 100), []);
});

test('references out of the closure or in a circle are a Failure', () => {
  const one = (references: string[]) => ({ references, narSize: 1 });
  assert.throws(
    () => stableLayers(new Map([['/nix/store/a-a', one(['/nix/store/b-b'])]]), 9),
    failureWith('b-b, which is not in the closure'),
  );
  const circle = new Map([
    ['/nix/store/a-a', one(['/nix/store/b-b'])],
    ['/nix/store/b-b', one(['/nix/store/a-a'])],
  ]);
  assert.throws(() => stableLayers(circle, 9), failureWith('form a cycle'));
});
