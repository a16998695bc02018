import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { References } from '../../src/image/layering/closure-graph.ts';
import { layersByPopularity, orderByPopularity } from '../../src/image/layering/popularity.ts';
import { layerIdentity } from '../../src/image/store-layer/layer-identity.ts';
import { failureWith } from '../support/failure.ts';

const vectors = new URL('../vectors/layering/', import.meta.url);

for (const file of readdirSync(vectors).filter(file => file.endsWith('.graph.json'))) {
  test(`popularity of ${file}: the order of nixpkgs`, () => {
    const graph: { path: string; references: string[] }[] = readJson(file);
    const { popularity } = readJson(file.replace('graph', 'expected'));
    assert.deepEqual(orderByPopularity(closureOf(graph)), popularity);
    assert.deepEqual(orderByPopularity(closureOf(graph.reverse())), popularity, 'whatever the order of the closure');
  });
}

test('the most popular paths get a layer each, the rest shares the last', () => {
  const { popularity } = readJson('rnd1-12.expected.json');
  const closure = closureOf(readJson('rnd1-12.graph.json'));
  for (const maxLayers of [1, 2, 5, 11]) {
    const alone = popularity.slice(0, maxLayers - 1).map((path: string) => [path]);
    assert.deepEqual(layersByPopularity(closure, maxLayers), [...alone, popularity.slice(maxLayers - 1)]);
  }
});

test('there are at most as many layers as paths', () => {
  const closure = closureOf(readJson('rnd1-12.graph.json'));
  for (const maxLayers of [12, 13, 100]) {
    assert.deepEqual(
      layersByPopularity(closure, maxLayers),
      orderByPopularity(closure).map(path => [path]),
    );
  }
  assert.deepEqual(layersByPopularity(new Map(), 100), []);
});

test('a path that refers to itself counts once', () => {
  const references = ['/nix/store/b-library', '/nix/store/a-app', '/nix/store/b-library'];
  const closure = new Map([
    ['/nix/store/a-app', { references }],
    ['/nix/store/b-library', { references: ['/nix/store/b-library'] }],
  ]);
  assert.deepEqual(layersByPopularity(closure, 100), [['/nix/store/b-library'], ['/nix/store/a-app']]);
});

test('a chain of 4000 paths neither overflows the stack nor takes long', () => {
  const path = (i: number) => `/nix/store/h-${String(i).padStart(4, '0')}`;
  const chain = new Map(
    Array.from({ length: 4000 }, (_, i) => [path(i), { references: i === 0 ? [] : [path(i - 1)] }]),
  );
  const start = performance.now();
  const layers = layersByPopularity(chain, 100);
  assert.deepEqual(layers.slice(0, 2), [[path(0)], [path(1)]]);
  assert.equal(layers.at(-1)?.at(-1), path(3999));
  assert.ok(performance.now() - start < 10_000);
});

test('exponentially many ways to a path are counted exactly', () => {
  // Two paths a level, each refers to both below: 2^199 ways to the bottom, where b is refered to once more than a.
  const level = (i: number) => [
    `/nix/store/h-a${String(i).padStart(3, '0')}`,
    `/nix/store/h-b${String(i).padStart(3, '0')}`,
  ];
  const closure = new Map(
    Array.from({ length: 200 }, (_, i) =>
      level(i).map(path => [path, { references: i === 0 ? [] : level(i - 1) }] as const),
    ).flat(),
  );
  closure.set('/nix/store/h-one-more', { references: [level(0)[1] ?? ''] });
  assert.deepEqual(orderByPopularity(closure).slice(0, 4), [...level(0).reverse(), ...level(1)]);
});

test('a reference out of the closure is a Failure that names both', () => {
  const closure = new Map([['/nix/store/a-app', { references: ['/nix/store/b-library'] }]]);
  assert.throws(
    () => layersByPopularity(closure, 100),
    failureWith('/nix/store/a-app refers to /nix/store/b-library, which is not in the closure'),
  );
});

test('references in a circle are a Failure', () => {
  const closure = new Map([
    ['/nix/store/a-app', { references: ['/nix/store/b-app'] }],
    ['/nix/store/b-app', { references: ['/nix/store/a-app'] }],
  ]);
  assert.throws(() => layersByPopularity(closure, 100), failureWith('the references of /nix/store/a-app form a cycle'));
});

test('the identity of a layer changes with everything that its bytes depend on', () => {
  const owner = { mtime: 1, uid: 0, gid: 0, uname: 'root', gname: 'root' };
  const layer = { paths: ['/nix/store/a-a', '/nix/store/b-b'], owner, nixMode: 0o755 } as const;
  const narHash = (path: string) => `sha256:${path.length}`;
  const identities = [
    layerIdentity(layer, narHash),
    layerIdentity(layer, () => 'sha256:other'),
    layerIdentity({ ...layer, paths: layer.paths.toReversed() }, narHash),
    layerIdentity({ ...layer, nixMode: 0o555 }, narHash),
    ...[{ mtime: 2 }, { uid: 1 }, { gid: 1 }, { uname: 'u' }, { gname: 'g' }].map(change =>
      layerIdentity({ ...layer, owner: { ...owner, ...change } }, narHash),
    ),
  ];
  assert.equal(new Set(identities).size, identities.length);
  assert.equal(layerIdentity({ ...layer }, narHash), identities[0]);
  for (const identity of identities) assert.match(identity, /^stream1:[0-9a-f]{64}$/);
});

function readJson(file: string) {
  return JSON.parse(readFileSync(new URL(file, vectors), 'utf8'));
}

function closureOf(graph: readonly { path: string; references: string[] }[]): References {
  return new Map(graph.map(({ path, references }) => [path, { references }]));
}
