import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { nameLayer } from '../../src/report/name-layer.ts';
import { packagesBySize } from '../../src/report/packages.ts';

const path = (name: string) => `/nix/store/0123456789abcdfghijklmnpqrsvwxyz-${name}`;

function nameOf(sizes: Readonly<Record<string, number | undefined>>, history = ''): string {
  const paths = Object.entries(sizes).map(([name, narSize]) => ({ path: path(name), narSize }));
  return nameLayer({ descriptor: { digest: digestOf('') }, contents: { paths, history } });
}

const many = Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`p${i}-1`, i]));

for (const [sizes, name] of [
  [{ 'glibc-2.40': 30, 'glibc-2.40-bin': 1 }, 'glibc 2.40'],
  [{ 'zlib-1.3': 1, 'curl-8.1': 2, source: undefined }, 'curl 8.1, zlib 1.3, source'],
  [many, '41 small packages'],
  [{ ...many, 'gcc-14.3': 300_000_000, 'glibc-2.40': 30_000_000 }, 'gcc 14.3, glibc 2.40 and 41 more'],
  [{ ...many, 'glibc-2.40': undefined }, 'p40 1, p39 1 and 40 more'],
] as const) {
  test(`a layer is named ${name}`, () => {
    assert.equal(nameOf(sizes), name);
  });
}

test('a layer without known packages is named by its history, on one line, else by its digest', () => {
  assert.equal(nameOf({}, 'RUN \u001b[31mapt-get\n install'), 'RUN [31mapt-get install');
  assert.equal(nameOf({}, 'x'.repeat(100)), 'x'.repeat(60));
  assert.equal(nameOf({}), `layer ${digestOf('').slice(7, 19)}`);
  assert.equal(nameLayer({ descriptor: { digest: digestOf('') } }), `layer ${digestOf('').slice(7, 19)}`);
});

test('the outputs of a package count together, one of unknown size makes it unknown, and none counts twice', () => {
  const layer = (...paths: { path: string; narSize?: number }[]) => ({ contents: { paths, history: '' } });
  const lib = { path: path('glibc-2.40'), narSize: 30 };
  assert.deepEqual(
    packagesBySize([
      layer(lib, { path: path('glibc-2.40-bin'), narSize: 5 }, { path: path('b-1'), narSize: 1 }),
      layer(lib, { path: path('b-1-doc') }, { path: path('a-1') }),
      {},
    ]),
    [
      { name: 'glibc', version: '2.40', size: 35 },
      { name: 'a', version: '1', size: undefined },
      { name: 'b', version: '1', size: undefined },
    ],
  );
});
