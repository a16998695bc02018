import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Candidate, choosePaths } from '../../src/cache/choose-paths.ts';

const candidate = (
  path: string,
  narSize: number,
  { references = [], isSubstitutable = false }: Partial<Candidate> = {},
): Candidate => ({ path, narSize, references, isSubstitutable, narHash: '' });

const fetched = candidate('libc', 50, { isSubstitutable: true });
const compiler = candidate('compiler', 100, { references: ['libc'] });
const header = candidate('header', 5);
const plugin = candidate('plugin', 20, { references: ['compiler'] });
const library = candidate('library', 30, { references: ['libc', 'library'] });
const app = candidate('app', 10, { references: ['library'] });
const all = [app, compiler, fetched, header, library, plugin];

const names = (candidates: readonly Candidate[]) => candidates.map(({ path }) => path);
const choose = (maxSize?: number, excludeSubstitutable = false) => {
  const choice = { maxSize, excludeSubstitutable, outputs: ['app'], toolchain: [] };
  const { paths, substitutable, evicted } = choosePaths(all, choice);
  return { paths: names(paths), substitutable: names(substitutable), evicted: names(evicted) };
};

test('without bounds everything is kept', () => {
  assert.deepEqual(choose(), { paths: names(all), substitutable: [], evicted: [] });
  assert.deepEqual(choose(215).evicted, []);
});

test('paths in binary caches are left out if wanted', () => {
  const { paths, substitutable } = choose(undefined, true);
  assert.deepEqual(substitutable, ['libc']);
  assert.deepEqual(paths, ['app', 'compiler', 'header', 'library', 'plugin']);
});

suite('with a bound the least useful goes first', () => {
  for (const [maxSize, evicted] of [
    [214, ['libc']],
    [165, ['libc']],
    // With what refers to it, which could not be restored without.
    [164, ['libc', 'compiler', 'plugin']],
    [45, ['libc', 'compiler', 'plugin']],
    [44, ['libc', 'compiler', 'plugin', 'header']],
    [39, ['libc', 'compiler', 'plugin', 'header', 'library', 'app']],
    [0, ['libc', 'compiler', 'plugin', 'header', 'library', 'app']],
  ] as const) {
    test(`${maxSize} bytes`, () => {
      const chosen = choose(maxSize);
      assert.deepEqual(chosen.evicted, evicted);
      assert.deepEqual([...chosen.paths, ...evicted].sort(), names(all).sort());
    });
  }
});

suite('Nix itself is kept whole or not at all, after what a binary cache has and before all else', () => {
  const toolchain = [candidate('nix', 60), candidate('glibc', 40, { isSubstitutable: true })];
  for (const [maxSize, isHeld, evicted] of [
    [undefined, true, []],
    [315, true, []],
    [314, true, ['libc']],
    [265, true, ['libc']],
    [264, false, []],
    [165, false, ['libc']],
    [0, false, ['libc', 'compiler', 'plugin', 'header', 'library', 'app']],
  ] as const) {
    test(`${maxSize ?? 'any number of'} bytes`, () => {
      const chosen = choosePaths(all, { maxSize, excludeSubstitutable: false, outputs: ['app'], toolchain });
      assert.deepEqual(chosen.toolchain, isHeld ? toolchain : []);
      assert.deepEqual(names(chosen.evicted), evicted);
    });
  }
  test('also if paths in binary caches are left out', () => {
    const chosen = choosePaths(all, { maxSize: undefined, excludeSubstitutable: true, outputs: ['app'], toolchain });
    assert.deepEqual(chosen.toolchain, toolchain);
  });
});

test('the choice does not depend on the order of the candidates', () => {
  const same = [candidate('b', 7), candidate('a', 7), candidate('c', 7)];
  for (const order of [same, same.toReversed()]) {
    const { evicted } = choosePaths(order, { maxSize: 10, excludeSubstitutable: false, outputs: [], toolchain: [] });
    assert.deepEqual(names(evicted), ['a', 'b']);
  }
});
