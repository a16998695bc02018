import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type InputName, inputNames } from '../../src/inputs/input-table.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { shapingInputs } from '../../src/inputs/shaping-inputs.ts';

type Texts = { readonly [name in InputName]?: string };

const shapeOf = (texts: Texts) => JSON.stringify(parseImages(name => texts[name] ?? '').map(shapingInputs));

const publicKey = `cache.example-1:${'A'.repeat(43)}=`;

/** For every input of a build another value than its default: of those that shape the image, and of those that do not. */
const shaping = {
  installable: '.#other',
  file: 'default.nix',
  attr: 'image',
  path: '/image.tar',
  'build-args': '--show-trace',
  impure: 'true',
  native: 'off',
  'prefer-stream': 'false',
  'image-name': 'app:1',
  platform: 'linux/arm64',
  config: '{"Cmd":["x"]}',
  contents: '.#tools',
  user: '1000',
  base: 'alpine:3',
  layering: 'popularity',
  'max-layers': '10',
  'nix-db': 'true',
  'check-reproducible': 'true',
  'require-signed': 'https://github.com/acme/app/.github/workflows/build.yml@refs/heads/main',
  'require-issuer': 'https://issuer.example.com',
  'require-key': 'cosign.pub',
  'trusted-root': 'root.json',
  compression: 'zstd',
  'compression-level': '2',
  check: 'error',
  'check-ignore': 'no-tmp',
  reuse: 'trust',
  'cache-key-extra': 'x',
  'nix-version': '2.30.0',
  'nix-version-strict': 'true',
  'nix-url': 'https://example.com',
  'nix-sha256': 'a'.repeat(64),
  substituters: 'https://example.com',
  'trusted-public-keys': publicKey,
  builders: 'ssh://builder',
  'nix-conf': 'cores = 1',
} satisfies Texts;

const others = {
  images: 'ghcr.io/acme/app',
  tags: 'ghcr.io/acme/app:2',
  flavor: 'latest=false',
  labels: 'a=b',
  annotations: 'a=b',
  annotate: 'config',
  metadata: 'env',
  revision: 'merge',
  created: 'now',
  push: 'true',
  'push-by-digest': 'true',
  'if-exists': 'error',
  'dry-run': 'true',
  preflight: 'false',
  comment: 'true',
  username: 'me',
  password: 'secret',
  'github-token': 'token',
  'insecure-registries': 'localhost',
  'reuse-from': 'ghcr.io/acme/app:main',
  rebuild: 'always',
  cache: 'restore',
  'cache-save': 'true',
  'cache-key-files': '*.lock',
  'cache-exclude-substitutable': 'true',
  'cache-max-size': '4GB',
  'cache-to': './cache',
  'cache-signing-key': `cache.example-1:${'A'.repeat(86)}==`,
  'cache-keep': '10',
  sbom: 'spdx',
  'sbom-file': 'sbom.json',
  sign: 'keyless',
  'signing-key': '-----BEGIN PRIVATE KEY-----',
  provenance: 'true',
  'allow-unattested': 'true',
  'attest-to-github': 'true',
  'signing-config': 'config.json',
  load: 'true',
  output: 'oci:out',
  'export-metadata': 'true',
} satisfies Texts;

/** What an input needs beside itself. */
const beside: { readonly [name in InputName]?: Texts } = {
  'require-signed': { base: 'alpine:3' },
  'require-key': { base: 'alpine:3' },
  'require-issuer': { base: 'alpine:3', 'require-signed': 'https://example.com/build.yml@refs/heads/main' },
  'trusted-root': { base: 'alpine:3', 'require-signed': 'https://example.com/build.yml@refs/heads/main' },
  attr: { file: 'default.nix' },
  'compression-level': { compression: 'gzip' },
  'nix-version-strict': { 'nix-version': '2.30.0' },
  push: { tags: 'ghcr.io/acme/app:1' },
  load: { tags: 'ghcr.io/acme/app:1' },
  flavor: { images: 'ghcr.io/acme/app' },
  'push-by-digest': { tags: 'ghcr.io/acme/app' },
  password: { username: 'me' },
  'cache-keep': { 'cache-to': 'oci://ghcr.io/acme/cache' },
  'cache-signing-key': { 'cache-to': 'file:///cache' },
  'sbom-file': { sbom: 'spdx' },
  provenance: { sign: 'keyless' },
  'attest-to-github': { sign: 'keyless' },
  'signing-config': { sign: 'keyless' },
};

const changes = (name: InputName, texts: Texts) => {
  const given = beside[name] ?? {};
  return shapeOf(given) !== shapeOf({ ...given, ...texts });
};

suite('shapes the image', () => {
  for (const [name, value] of Object.entries(shaping)) {
    test(name, () => assert.ok(changes(name as InputName, { [name]: value })));
  }
});

suite('does not shape the image', () => {
  for (const [name, value] of Object.entries(others)) {
    test(name, () => assert.ok(!changes(name as InputName, { [name]: value })));
  }
  test('a token in nix-conf', () => assert.ok(!changes('nix-conf', { 'nix-conf': 'access-tokens = github.com=x' })));
});

test('every input is here', () => {
  // These belong to other modes.
  const ofVerify = ['image', 'require', 'require-repository', 'require-workflow', 'require-ref'];
  const foreign = ['mode', 'from', 'sources', 'allow-labels', ...ofVerify];
  assert.deepEqual([...foreign, ...Object.keys({ ...shaping, ...others })].toSorted(), [...inputNames].toSorted());
});
