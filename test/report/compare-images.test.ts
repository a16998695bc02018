import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { contentsOf } from '../../src/oci/layer-contents.ts';
import { compareImages, sizeOfLayers } from '../../src/report/compare-images.ts';
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

test('layers are named by the history of the config', () => {
  const { layers } = summaryOf([['glibc-2.40-66', 'glibc-2.40-66-bin'], ['openssl-3.5.1-dev']]);
  assert.deepEqual(
    layers.map(({ contents }) => contents),
    [
      contentsOf([`/nix/store/${hash}-glibc-2.40-66`, `/nix/store/${hash}-glibc-2.40-66-bin`]),
      contentsOf([`/nix/store/${hash}-openssl-3.5.1-dev`]),
    ],
  );
});

test('a history of another kind says what it says, one of another length nothing', () => {
  const said = (history: readonly object[]) => summaryOf([['a-1']], history).layers[0]?.contents;
  assert.equal(said([]), undefined);
  assert.equal(said([historyOf(['a-1']), historyOf(['b-1'])]), undefined);
  assert.deepEqual(said([{ created_by: 'RUN make' }]), { paths: [], history: 'RUN make' });
  assert.deepEqual(said([{ comment: '/nix/store/x', created_by: 'RUN make' }]), { paths: [], history: '/nix/store/x' });
  assert.deepEqual(said([{ comment: "store paths: ['top', 'b']" }]), { paths: [], history: 'top, b' });
  assert.deepEqual(said([{}]), { paths: [], history: '' });
});

test('an entry of the history that is no layer does not shift the contents of those that are', () => {
  const history = [{ empty_layer: true }, historyOf(['a-1']), { empty_layer: true }, historyOf(['b-1'])];
  assert.deepEqual(
    summaryOf([['a-1'], ['b-1']], history).layers.map(({ contents }) => contents?.paths.length),
    [1, 1],
  );
});

test('packages are added, removed, or have another version', () => {
  const before = summaryOf([['glibc-2.40'], ['curl-8.1', 'zlib-1.3', 'openssl-3.0', 'openssl-3.5', 'gone-1', 'hook']]);
  const after = summaryOf([['glibc-2.40'], ['curl-8.2', 'zlib-1.3', 'openssl-3.5', 'new-2', 'hook']]);
  const { packages, newLayers, size } = compareImages(before, after);
  assert.deepEqual(packages, [
    { name: 'curl', kind: 'changed', before: ['8.1'], after: ['8.2'], size: undefined },
    {
      ...{ name: 'gone', kind: 'removed', before: ['1'], after: [], size: undefined },
      layers: { size: before.layers[1]?.descriptor.size, areItsOwn: false },
    },
    { name: 'new', kind: 'added', before: [], after: ['2'], size: undefined },
    { name: 'openssl', kind: 'changed', before: ['3.0'], after: [], size: undefined },
  ]);
  assert.deepEqual(newLayers, [after.layers[1]]);
  assert.equal(size, sizeOfLayers(after) - sizeOfLayers(before));
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

test('of packages with sizes the largest comes first; a rebuilt one has the same version in another store path', () => {
  const imageOf = (paths: Readonly<Record<string, number>>) => ({
    platform: 'linux/amd64',
    layers: [
      {
        descriptor: { mediaType: 'tar', digest: digestOf(JSON.stringify(paths)), size: 1 },
        contents: {
          paths: Object.entries(paths).map(([name, narSize]) => ({ path: `/nix/store/${name}`, narSize })),
          history: '',
        },
      },
    ],
  });
  const other = hash.replace('0', '1');
  const before = imageOf({
    [`${hash}-app-1`]: 10,
    [`${hash}-lib-3`]: 30,
    [`${hash}-same-1`]: 5,
    [`${hash}-old-1`]: 20,
  });
  const after = imageOf({
    [`${hash}-app-2`]: 11,
    [`${hash}-app-2-doc`]: 7,
    [`${other}-lib-3`]: 31,
    [`${hash}-same-1`]: 5,
  });
  assert.deepEqual(compareImages(before, after).packages, [
    { name: 'lib', kind: 'rebuilt', before: ['3'], after: ['3'], size: 31 },
    { name: 'old', kind: 'removed', before: ['1'], after: [], size: 20 },
    { name: 'app', kind: 'changed', before: ['1'], after: ['2'], size: 18 },
  ]);
});
