import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainClosure, routeTo } from '../../src/inspect/explain-closure.ts';
import { suggestSavings } from '../../src/inspect/suggest-savings.ts';

/** A closure with one byte per path, from lines such as `app: openssl glibc`. */
function closureOf(...lines: readonly string[]) {
  return new Map(
    lines.map(line => {
      const [path = '', references = ''] = line.split(':');
      return [path, { narSize: 1, references: references.split(' ').filter(name => name !== '') }];
    }),
  );
}

const routeIn = (found: ReturnType<typeof explained>, path: string) =>
  routeTo(found.get(path) ?? assert.fail(path), [...found.values()]);

const explained = (closure: ReturnType<typeof closureOf>, ...applications: string[]) =>
  new Map(explainClosure(closure, applications).map(one => [one.path, one]));

test('a path keeps what is there only because of it, by all ways', () => {
  const found = explained(
    closureOf('app: a b', 'a: shared only-a', 'b: shared', 'shared: deep', 'only-a:', 'deep:'),
    'app',
  );
  const kept = Object.fromEntries([...found].map(([path, one]) => [path, [one.kept, one.keeper]]));
  assert.deepEqual(kept, {
    app: [6, undefined],
    a: [2, 'app'],
    b: [1, 'app'],
    shared: [2, 'app'],
    'only-a': [1, 'a'],
    deep: [1, 'shared'],
  });
});

test('a path that two roots use has no keeper', () => {
  const found = explained(closureOf('one: x', 'other: x', 'x: x'));
  assert.equal(found.get('x')?.keeper, undefined);
  assert.deepEqual(found.get('x')?.users, ['one', 'other']);
});

test('the shortest way starts at the application if it leads there, else at another root', () => {
  const found = explained(closureOf('tools: x y', 'app: m', 'm: x', 'x:', 'y:', 'outside: gone'), 'app');
  assert.deepEqual(routeIn(found, 'x'), ['app', 'm', 'x']);
  assert.deepEqual(routeIn(found, 'y'), ['tools', 'y']);
});

test('a chain of references may be long', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `p${i}: p${i + 1}`);
  const found = explained(closureOf(...lines), 'p0');
  assert.equal(found.get('p0')?.kept, 20_000);
  assert.equal(routeIn(found, 'p19999').length, 20_000);
});

test('savings: development files, documentation, compilers and second versions, each with its bytes', () => {
  const hash = '0'.repeat(32);
  const path = (name: string) => `/nix/store/${hash}-${name}`;
  const closure = closureOf(
    `${path('app-1.0')}: ${path('zlib-1.3-dev')} ${path('gcc-14.3.0')} ${path('gcc-14.3.0-lib')} ${path('curl-8.1')} ${path('curl-8.2')} ${path('x-1-man')}`,
    `${path('zlib-1.3-dev')}: ${path('headers')}`,
    `${path('headers')}:`,
    `${path('gcc-14.3.0')}:`,
    `${path('gcc-14.3.0-lib')}:`,
    `${path('curl-8.1')}:`,
    `${path('curl-8.2')}:`,
    `${path('x-1-man')}:`,
  );
  const savings = suggestSavings(explainClosure(closure, [path('app-1.0')]));
  assert.deepEqual(
    savings.map(({ kind, paths, bytes }) => [kind, paths.map(one => one.slice(44)), bytes]),
    [
      ['development files', ['zlib-1.3-dev'], 2],
      ['documentation', ['x-1-man'], 1],
      ['compiler', ['gcc-14.3.0'], 1],
      ['several versions', ['curl-8.2'], 1],
    ],
  );
});

test('versions that keep each other count once', () => {
  const hash = '0'.repeat(32);
  const path = (version: number) => `/nix/store/${hash}-lib-${version}`;
  const closure = closureOf(`${path(3)}: ${path(2)}`, `${path(2)}: ${path(1)}`, `${path(1)}:`);
  const [saving] = suggestSavings(explainClosure(closure, [path(3)]));
  assert.equal(saving?.bytes, 2);
});
