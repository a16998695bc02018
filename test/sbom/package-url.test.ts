import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessCpe, imageUrl, packageUrl } from '../../src/sbom/package-url.ts';

// The public registries of npm and Go.
const npmHost = ['registry', 'npmjs', 'org'].join('.');
const goHost = ['proxy', 'golang', 'org'].join('.');

const hash = { algorithm: 'sha256', hex: 'a'.repeat(64), isNar: false };
const identity = (url: string | undefined, attributes = {}) => ({
  name: 'thing',
  version: '1.2',
  sources: url === undefined ? [] : [{ path: '/nix/store/x', url, hash }],
  attributes,
});

for (const [title, url, attributes, expected] of [
  ['without a source', undefined, {}, 'pkg:generic/thing@1.2'],
  [
    'with a source',
    'https://example.org/thing-1.2.tar.gz',
    {},
    `pkg:generic/thing@1.2?checksum=sha256:${'a'.repeat(64)}&download_url=https://example.org/thing-1.2.tar.gz`,
  ],
  ['with a source of a mirror', 'mirror://gnu/thing-1.2.tar.gz', {}, 'pkg:generic/thing@1.2'],
  ['of PyPI', 'mirror://pypi/T/Thing_A/thing_a-1.2.tar.gz', {}, 'pkg:pypi/thing-a@1.2'],
  [
    'of PyPI in full',
    'https://files.pythonhosted.org/packages/source/t/thing/thing-1.2.tar.gz',
    {},
    'pkg:pypi/thing@1.2',
  ],
  ['of buildPythonPackage', undefined, { name: 'python3.13-thing-1.2', pname: 'thing' }, 'pkg:pypi/thing@1.2'],
  ['of crates.io', 'https://crates.io/api/v1/crates/serde/1.0.2/download', {}, 'pkg:cargo/serde@1.0.2'],
  ['of npm', `https://${npmHost}/@scope/pkg/-/pkg-1.2.tgz`, {}, 'pkg:npm/%40scope/pkg@1.2'],
  ['of a Go proxy', `https://${goHost}/github.com/acme/mod/@v/v1.4.0.zip`, {}, 'pkg:golang/github.com/acme/mod@v1.4.0'],
  [
    'of a Go proxy with a version that is none',
    `https://${goHost}/example.org/mod/@v/v2.zip`,
    {},
    `pkg:generic/thing@1.2?checksum=sha256:${'a'.repeat(64)}&download_url=https://${goHost}/example.org/mod/@v/v2.zip`,
  ],
] as const) {
  test(`the package URL of a path ${title}`, () => {
    assert.equal(decodeURIComponent(packageUrl(identity(url, attributes))), decodeURIComponent(expected));
  });
}

test('the package URL of a Go package has its import path', () => {
  const { attributes, ...of } = identity(undefined, { goPackagePath: 'github.com/acme/mod' });
  assert.equal(packageUrl({ ...of, version: '1.2.3', attributes }), 'pkg:golang/github.com/acme/mod@v1.2.3');
});

test('the package URL of an image has its repository', () => {
  const url = imageUrl({ host: 'localhost:5000', path: 'acme/app' }, 'sha256:ab', 'linux/arm64/v8');
  assert.equal(decodeURIComponent(url), 'pkg:oci/app@sha256:ab?arch=arm64&repository_url=localhost:5000/acme/app');
});

test('a CPE is guessed from name and version, if they have one', () => {
  assert.equal(guessCpe('libstdc++', '1.2+3'), 'cpe:2.3:a:libstdc\\+\\+:libstdc\\+\\+:1.2\\+3:*:*:*:*:*:*:*');
  assert.equal(guessCpe('hook.sh', ''), undefined);
  assert.equal(guessCpe('a:b', '1'), undefined);
});
