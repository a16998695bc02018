import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { compareImages } from '../../src/report/compare-images.ts';
import { summarizeImage } from '../../src/report/image-summary.ts';

const hash = '0123456789abcdfghijklmnpqrsvwxyz';

/** An image whose history tells these store paths, layer by layer; a layer has as many bytes as its list has characters. */
function summaryOf(layers: readonly (readonly string[])[], history: readonly object[] = layers.map(historyOf)) {
  return summarizeImage({
    config: configOf({ history }),
    platform: 'linux/amd64',
    layers: layers.map(names => {
      const text = names.join(' ');
      return { descriptor: { mediaType: 'tar', digest: digestOf(text), size: text.length } };
    }),
  });
}

function historyOf(names: readonly string[]) {
  return {
    created: '1970-01-01T00:00:01Z',
    comment: `store paths: [${names.map(name => `'/nix/store/${hash}-${name}'`).join(', ')}]`,
  };
}

test('packages and versions are told by the names of store paths, as Nix splits them', () => {
  const { packages, layers } = summaryOf([
    ['glibc-2.40-66', 'glibc-2.40-66-bin', 'openssl-3.0.14'],
    ['openssl-3.5.1-dev', 'source', 'python3.12-requests-2.32.3', 'libX11-1.8', 'foo-unstable-2024-01-01'],
  ]);
  assert.deepEqual(
    [...(packages ?? [])],
    [
      ['foo-unstable', ['2024-01-01']],
      ['glibc', ['2.40-66']],
      ['libX11', ['1.8']],
      ['openssl', ['3.0.14', '3.5.1']],
      ['python3.12-requests', ['2.32.3']],
      ['source', ['']],
    ],
  );
  assert.deepEqual(layers[0]?.contents, ['glibc-2.40-66', 'glibc-2.40-66-bin', 'openssl-3.0.14']);
});

test('a config without such a history has no packages', () => {
  for (const history of [[], [{ created_by: 'RUN make' }], [{ comment: '/nix/store/x' }]]) {
    assert.equal(summaryOf([['a-1']], history).packages, undefined);
  }
  const config = configOf({});
  assert.equal(summarizeImage({ config, platform: '', layers: [] }).packages, undefined);
});

test('an entry of the history that is no layer does not shift the contents of those that are', () => {
  const history = [{ empty_layer: true }, historyOf(['a-1']), { empty_layer: true }, historyOf(['b-1'])];
  assert.deepEqual(
    summaryOf([['a-1'], ['b-1']], history).layers.map(({ contents }) => contents),
    [['a-1'], ['b-1']],
  );
});

test('packages are added, removed, or have another version', () => {
  const before = summaryOf([['glibc-2.40'], ['curl-8.1', 'zlib-1.3', 'openssl-3.0', 'openssl-3.5', 'gone-1', 'hook']]);
  const after = summaryOf([['glibc-2.40'], ['curl-8.2', 'zlib-1.3', 'openssl-3.5', 'new-2', 'hook']]);
  const { packages, newLayers, size } = compareImages(before, after);
  assert.deepEqual(packages, [
    { name: 'curl', kind: 'changed', before: ['8.1'], after: ['8.2'] },
    { name: 'gone', kind: 'removed', before: ['1'], after: [] },
    { name: 'new', kind: 'added', before: [], after: ['2'] },
    { name: 'openssl', kind: 'changed', before: ['3.0'], after: [] },
  ]);
  assert.deepEqual(newLayers, [after.layers[1]]);
  assert.equal(size, (after.layers[1]?.size ?? 0) - (before.layers[1]?.size ?? 0));
});

test('the same image has no changes', () => {
  const image = summaryOf([['glibc-2.40']]);
  assert.deepEqual(compareImages(image, image), { size: 0, newLayers: [], packages: [] });
});

test('if the packages of one image are unknown, only sizes and layers are compared', () => {
  const told = summaryOf([['glibc-2.40']]);
  const silent = summaryOf([['glibc-2.40']], []);
  for (const [before, after] of [
    [told, silent],
    [silent, told],
  ] as const) {
    assert.deepEqual(compareImages(before, after), { size: 0, newLayers: [], packages: undefined });
  }
});
