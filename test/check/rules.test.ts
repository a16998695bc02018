import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckedLayer } from '../../src/check/image-files.ts';
import { type RuleId, ruleIds } from '../../src/check/rules.ts';
import { elf, type Files, factsOf, layerOf, type ToCheck } from './check-layers.ts';

const store = (name: string) => `/nix/store/${'0'.repeat(32)}-${name}`;
const [app, libc, bash, cacert] = ['app-1.0', 'libc-2.40', 'bash-5', 'nss-cacert-3.1'].map(store);
const nss = store('fake-nss');
const loader = `${libc}/lib/ld.so`;
const bundle = `${cacert}/etc/ssl/certs/ca-bundle.crt`;
const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1r'.repeat(8)}\n`;
const token = `ghp_${'aB3'.repeat(12)}`;

/** A file that tar-stream writes with these modes; its content is zeros. */
const file = (mode: number, size = 0) => ({ mode, size }) as const;
interface Case extends Omit<ToCheck, 'layers'> {
  readonly layers?: readonly Files[];
}

/** An image that breaks no rule. */
const sound = {
  config: {
    Entrypoint: ['/bin/app'],
    Env: ['PATH=/bin', `SSL_CERT_FILE=${bundle}`],
    User: 'nobody',
    WorkingDir: '/srv',
  },
  json: { created: '2026-01-31T12:00:00Z' },
  files: {
    './': { mode: 0o755, type: 'directory' },
    'tmp/': { mode: 0o1777, type: 'directory' },
    'srv/': { mode: 0o755, type: 'directory' },
    'etc/passwd': 'nobody:x:65534:65534::/:/bin/sh\n',
    'etc/group': 'nobody:x:65534:\n',
    bin: { link: `${app}/bin` },
    [`${bundle}`]: 'certificates',
    [`${store('openssl-3.0')}/lib/libssl.so.3`]: file(0o444, 100),
    [`${app}/share/text`]: 'text',
    [`${app}/bin/app`]: { program: `#!${bash}/bin/bash -e\n` },
    [`${bash}/bin/bash`]: { program: elf({ loader }) },
    [loader]: { program: elf() },
  },
} as const satisfies Case & { files: Files };

async function check({ layers = [], config = {}, ...others }: Case) {
  const read = await Promise.all([sound.files, ...layers].map(files => layerOf(files)));
  return factsOf({
    json: sound.json,
    ...others,
    config: { ...sound.config, ...config },
    layers: read.map(files => ({ files })),
  });
}

/** For each rule images that break it, and what is said of them. */
const broken: Readonly<Record<RuleId, readonly (readonly [Case, RegExp])[]>> = {
  'missing-command': [
    [{ config: { Entrypoint: ['/bin/other'] } }, /^\/bin\/other is not an executable file of the image$/],
    [{ config: { Entrypoint: ['/usr/bin/app'] } }, /^\/usr\/bin\/app is not in the image$/],
    [{ config: { Entrypoint: null, Cmd: ['other'] } }, /^other is in no directory of PATH \(\/bin\)$/],
    [
      { config: { Entrypoint: ['/srv/run'] }, layers: [{ 'srv/run': 'text' }] },
      /^\/srv\/run is not executable \(mode 0644\)$/,
    ],
    [{ config: { Entrypoint: ['./run'] } }, /^\.\/run is not in the image$/],
    [{ layers: [{ '.wh.bin': '' }] }, /^\/bin\/app is not in the image$/],
    [{ layers: [{ [`${app}/.wh..wh..opq`]: '' }] }, /^\/bin\/app is not in the image$/],
    [{ layers: [{ bin: 'a file' }] }, /^\/bin\/app is not in the image$/],
    [{ layers: [{ bin: { link: 'sbin' }, sbin: { link: 'bin' } }] }, /^\/bin\/app is not in the image$/],
  ],
  'missing-interpreter': [
    [{ layers: [{ [`${bash}/.wh.bin`]: '' }] }, /bash is not in the image, and \/bin\/app needs it$/],
    [{ layers: [{ [`nix/store/.wh.${libc?.slice(11)}`]: '' }] }, /ld\.so is not in the image, and .*bash needs it$/],
    [
      {
        config: { Entrypoint: ['/x'] },
        layers: [{ x: { program: '#!/bin/env -S node --flag\n' }, [`${app}/bin/env`]: { program: elf() } }],
      },
      /^node is in no directory of PATH \(\/bin\), and \/x needs it$/,
    ],
  ],
  'wrong-architecture': [
    [{ json: { ...sound.json, architecture: 'arm64' } }, /bash is for another architecture than arm64$/],
    [{ layers: [{ [loader]: { program: elf({ machine: 183 }) } }] }, /ld\.so is for another architecture than amd64$/],
  ],
  'missing-store-path': [[{ config: { Env: [`DATA=${store('data')}/file`] } }, /-data is not in the image$/]],
  'no-ca-certificates': [
    [{ layers: [{ [`nix/store/.wh.${cacert?.slice(11)}`]: '' }] }, /^SSL_CERT_FILE is .* which is not in the image$/],
    [{ config: { Env: ['PATH=/bin'] } }, /^the image has CA certificates in .*, but SSL_CERT_FILE does not name them$/],
  ],
  'unknown-user': [
    [{ config: { User: 'app' } }, /^the user app is not in \/etc\/passwd$/],
    [{ config: { User: '1000:app' } }, /^the group app is not in \/etc\/group$/],
    [{ layers: [{ '.wh.etc': '' }] }, /^the user nobody is a name, and the image has no \/etc\/passwd$/],
  ],
  'no-tmp': [
    [{ layers: [{ '.wh.tmp': '' }] }, /^the image has no \/tmp$/],
    [{ layers: [{ tmp: 'a file' }] }, /^\/tmp is not a directory$/],
    [{ layers: [{ 'tmp/': { mode: 0o755, type: 'directory' } }] }, /^\/tmp has mode 0755, so the user nobody cannot/],
  ],
  'missing-working-dir': [
    [{ config: { WorkingDir: '/data' } }, /^WorkingDir \/data is not in the image, and the user is nobody$/],
    [{ config: { WorkingDir: '/etc/passwd' } }, /^WorkingDir \/etc\/passwd is not a directory$/],
  ],
  'setuid-file': [[{ layers: [{ 'srv/su': file(0o4755, 9) }] }, /^\/srv\/su \(mode 4755\)$/]],
  'world-writable': [
    [{ layers: [{ 'srv/open': file(0o666, 9) }] }, /^\/srv\/open \(mode 0666\)$/],
    [{ layers: [{ 'srv/dir/': { mode: 0o777, type: 'directory' } }] }, /^\/srv\/dir \(mode 0777\)$/],
  ],
  'secret-in-layer': [
    [{ layers: [{ 'root/id': key }] }, /^\/root\/id \(private key\)$/],
    [{ layers: [{ 'root/id': key }, { 'root/.wh.id': '' }] }, /^\/root\/id \(private key\)$/],
    [{ layers: [{ 'srv/app.json': `{"token":"${token}"}` }] }, /^\/srv\/app.json \(GitHub token\)$/],
    [{ layers: [{ [`${app}/.netrc`]: 'machine a login b password c' }] }, /\.netrc \(credentials \(\.netrc\)\)$/],
    [{ layers: [{ 'srv/.env': 'PASSWORD=x' }] }, /^\/srv\/\.env \(environment \(\.env\)\)$/],
    [{ layers: [{ '.npmrc': '//npm.example.org/:_authToken=abc' }] }, /^\/\.npmrc \(credentials of npm\)$/],
  ],
  'secret-in-config': [
    [
      { config: { Env: ['PATH=/bin', 'DB_PASSWORD=hunter2'] } },
      /^variable DB_PASSWORD \(value with the name of a secret\)$/,
    ],
    [{ config: { Env: ['PATH=/bin', `X=${token}`] } }, /^variable X \(GitHub token\)$/],
    [{ config: { Labels: { note: key } } }, /^label note \(private key\)$/],
    [{ config: { Cmd: ['--token', token] } }, /^Cmd \(GitHub token\)$/],
  ],
  'build-tools': [
    [{ layers: [{ [`${store('gcc-13.3')}/bin/gcc`]: { program: elf() } }] }, /^gcc-13\.3 \(compiler\)$/],
    [
      { layers: [{ [`${store('aarch64-unknown-linux-gnu-gcc-wrapper-14')}/nix-support/setup`]: 'text' }] },
      /^aarch64-unknown-linux-gnu-gcc-wrapper-14 \(compiler\)$/,
    ],
    [{ layers: [{ [`${store('zlib-1.3-dev')}/include/zlib.h`]: 'text' }] }, /^zlib-1\.3-dev \(headers\)$/],
    [{ layers: [{ 'usr/include/a.h': 'text' }] }, /^\/usr\/include \(headers\)$/],
  ],
  'duplicate-files': [
    [{ layers: [{ 'srv/a': 'x'.repeat(9000) }, { 'srv/a': 'y'.repeat(9000) }] }, /^the efficiency is \d\d\.\d %$/],
  ],
  'too-many-layers': [[{ layers: Array.from({ length: 125 }, () => ({})) }, /^the image has 126 layers$/]],
  'created-1970': [[{ json: { created: '1970-01-01T00:00:01Z' } }, /^created is 1970-01-01T00:00:01Z$/]],
  'foreign-source': [
    [
      {
        config: { Labels: { 'org.opencontainers.image.source': 'https://github.com/other/app' } },
        repositoryUrl: 'https://github.com/acme/app',
      },
      /^org\.opencontainers\.image\.source is https:\/\/github\.com\/other\/app, not https:\/\/github\.com\/acme\/app$/,
    ],
  ],
};

test('a sound image breaks no rule', async () => {
  assert.deepEqual(await check({}), {});
});

for (const id of ruleIds) {
  test(`images that break ${id}`, async () => {
    assert.ok(broken[id].length > 0);
    for (const [image, expected] of broken[id]) {
      const found = await check(image);
      assert.match(found[id]?.[0] ?? JSON.stringify(found), expected);
      assert.ok(!JSON.stringify(found).includes(token), 'a secret is shown');
      assert.equal((await check({ ...image, ignored: [id] }))[id], undefined);
    }
  });
}

/** What looks like a fault and is none. */
const fine: Readonly<Record<string, Case>> = {
  'a command by PATH': { config: { Entrypoint: null, Cmd: ['app'] } },
  'an image without a command': { config: { Entrypoint: null, Cmd: null } },
  'users in a file of the store': {
    config: { User: 'app:app' },
    layers: [
      {
        [`${nss}/etc/passwd`]: 'app:x:1000:1000::/:/bin/sh\n',
        [`${nss}/etc/group`]: 'app:x:1000:\n',
        'etc/passwd': { link: `${nss}/etc/passwd` },
        'etc/group': { link: `../${nss}/etc/group` },
      },
    ],
  },
  'users in a file of the store that is linked hard': {
    config: { User: 'app' },
    layers: [
      {
        [`${nss}/etc/passwd`]: 'app:x:1000:1000::/:/bin/sh\n',
        'etc/passwd': { type: 'link', linkname: `${nss}/etc/passwd` },
      },
    ],
  },
  'a mounted store': { config: { Entrypoint: [`${store('host')}/bin/app`], Volumes: { '/nix/store': {} } } },
  'a working directory and /tmp in volumes': {
    config: { WorkingDir: '/data', Volumes: { '/data': {}, '/tmp': {} } },
    layers: [{ '.wh.tmp': '' }],
  },
  '/tmp of root': { config: { User: '0' }, layers: [{ 'tmp/': { mode: 0o755, type: 'directory' } }] },
  'a working directory that an engine creates for root': { config: { User: '0', WorkingDir: '/data' } },
  'a setuid file that is removed again': { layers: [{ 'srv/su': file(0o4755, 9) }, { 'srv/.wh.su': '' }] },
  'a setuid file that is replaced': { layers: [{ 'srv/su': file(0o4755, 9) }, { 'srv/su': file(0o755, 9) }] },
  'certificates in the usual place': {
    config: { Env: ['PATH=/bin'] },
    layers: [{ 'etc/ssl/certs/ca-certificates.crt': { link: bundle } }],
  },
  'keys of tests and samples': { layers: [{ 'srv/tests/key.pem': key, 'srv/.env.example': 'A=b' }] },
  'a name of a key without the key': { layers: [{ 'srv/code.py': 'if "-----BEGIN PRIVATE KEY-----" in text:' }] },
  'variables that name files': { config: { Env: [...sound.config.Env, 'DB_PASSWORD=/run/secrets/db', 'API_TOKEN='] } },
  'a switch with the name of a secret': { config: { Env: [...sound.config.Env, 'ALLOW_EMPTY_PASSWORD=yes'] } },
  'a program whose name ends like that of a compiler': {
    layers: [{ [`${store('protoc-gen-go-1.36')}/bin/protoc-gen-go`]: { program: elf() } }],
    ignored: ['duplicate-files'],
  },
  'a library of the compiler': { layers: [{ [`${store('gcc-13.3-lib')}/lib/libstdc++.so.6`]: file(0o555, 10) }] },
  'the source of the repository': {
    config: { Labels: { 'org.opencontainers.image.source': 'https://github.com/Acme/app.git' } },
    repositoryUrl: 'https://github.com/acme/app',
  },
  '32-bit programs on amd64': {
    layers: [{ [loader]: { program: elf({ machine: 3 }) } }],
    ignored: ['duplicate-files'],
  },
  'an architecture that is not known': { json: { ...sound.json, architecture: 'wasm' } },
  'a directory that only its files show': { config: { WorkingDir: '/opt/app' }, layers: [{ 'opt/app/file': 'text' }] },
};

for (const [name, image] of Object.entries(fine)) {
  test(`no rule is broken by ${name}`, async () => {
    assert.deepEqual(await check(image), {});
  });
}

test('a setuid file is not reported if a layer above that was not read may replace it', async () => {
  const inStore = `${app}/bin/su`;
  const files = await layerOf({ 'srv/su': file(0o4755, 9), [inStore]: file(0o4755, 9) });
  const [paths, whole] = [[app ?? ''], await layerOf({})];
  const reported = (above: CheckedLayer) => factsOf({ layers: [{ files }, above] })['setuid-file'] ?? [];
  assert.deepEqual(reported({ storePaths: paths }), ['/srv/su (mode 4755)']);
  assert.deepEqual(reported({ storePaths: [] }), ['/srv/su (mode 4755)', `${inStore} (mode 4755)`]);
  assert.deepEqual(reported({}), []);
  assert.deepEqual(reported({ files: { ...whole, isComplete: false } }), []);
});
