import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type InputName, inputTable } from '../../src/inputs/input-table.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { parseImages, parseInputs } from '../../src/inputs/parse-inputs.ts';
import { describingLabels } from '../../src/metadata/allowed-labels.ts';
import { formatReference } from '../../src/oci/reference.ts';
import { failureWith } from '../support/failure.ts';

type Texts = { readonly [name in InputName]?: string };

const parse = (texts: Texts): Inputs => parseInputs(name => texts[name] ?? '');

test('every default', () => {
  assert.deepEqual(parse({}), {
    given: {},
    name: undefined,
    builds: [{ source: { kind: 'installable', installable: '.' } }],
    pushByDigest: false,
    comment: false,
    ifExists: 'overwrite',
    sources: [],
    allowLabels: describingLabels,
    buildArgs: [],
    impure: false,
    native: 'auto',
    preferStream: true,
    platforms: [],
    contents: [],
    nixDb: false,
    checkReproducible: false,
    require: { parts: ['signature', 'provenance', 'sbom'] },
    tagging: { references: [] },
    mode: 'build',
    annotate: ['config', 'manifest', 'index'],
    revision: 'head',
    dryRun: false,
    exportMetadata: false,
    labels: { set: {}, deleted: new Set() },
    annotations: [],
    created: 'commit',
    push: false,
    load: false,
    reuse: 'verify',
    reuseFrom: [],
    check: 'warn',
    checkIgnore: [],
    preflight: true,
    sbom: { formats: [] },
    attest: { provenance: false, allowUnattested: false, toGitHub: false },
    insecureRegistries: [],
    nix: { nixVersionStrict: false, substituters: [], trustedPublicKeys: [], builders: [], nixConf: [] },
    rebuild: 'auto',
    cache: { use: 'full', save: 'auto', keyFiles: [], keyExtra: '', excludeSubstitutable: false },
  });
});

test('an input of blanks only is not given', () => {
  const blank = Object.fromEntries(Object.keys(inputTable).map(name => [name, ' \n']));
  assert.deepEqual(parse(blank), parse({}));
});

test('everything given', () => {
  const inputs = parse({
    file: ' default.nix ',
    attr: 'image',
    rebuild: 'always',
    'build-args': '--argstr\n  name \nwith blanks in it\n# comment\n\n--accept-flake-config',
    impure: 'true',
    native: 'require',
    'prefer-stream': 'false',
    'image-name': 'app:1',
    platform: 'linux/arm/v7',
    config: '{"Cmd": ["/bin/app"]}',
    contents: '.#one\nnixpkgs#two',
    user: '1000:1000',
    base: 'docker.io/library/alpine:3',
    'max-layers': '127',
    'nix-db': 'true',
    'check-reproducible': 'true',
    tags: 'ghcr.io/acme/app:1, acme/app\n',
    labels: 'a= 1 \n!b',
    annotations: 'c=3',
    created: ' now ',
    push: 'true',
    'if-exists': 'skip',
    load: 'TRUE',
    output: 'oci-archive:out/image.tar',
    compression: 'zstd',
    'compression-level': '9',
    mode: 'build',
    annotate: 'config',
    metadata: 'env',
    revision: 'merge',
    'dry-run': 'true',
    'export-metadata': 'true',
    reuse: 'trust',
    'reuse-from': 'ghcr.io/acme/app:main',
    check: 'error',
    'check-ignore': 'no-tmp\nbuild-tools',
    preflight: 'false',
    sbom: 'cyclonedx, spdx',
    'sbom-file': '{{format}}.json',
    sign: 'keyless',
    'signing-config': 'sigstore.json',
    provenance: 'true',
    'allow-unattested': 'true',
    'attest-to-github': 'true',
    username: 'user',
    password: ' secret ',
    'github-token': 'token',
    'insecure-registries': 'registry:5000, 10.0.0.1\n[::2]:5000\n,',
    'nix-version': '2.30.1',
    'nix-url': 'https://mirror.example/nix',
    'nix-sha256': '0'.repeat(64),
    'nix-version-strict': 'true',
    substituters: 'https://cache.example',
    'trusted-public-keys': 'cache.example-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    builders: 'ssh://builder aarch64-linux',
    'nix-conf': 'sandbox = false\n# comment\ncores = 2',
    cache: 'restore',
    'cache-save': 'false',
    'cache-key-files': '**/Cargo.lock\ngo.sum',
    'cache-key-extra': ' week 3 ',
    'cache-exclude-substitutable': 'true',
    'cache-max-size': '1.5GB',
    'cache-to': '/var/cache/nix image',
  });
  const { tagging, reuseFrom, given, ...others } = inputs;
  assert.equal(given.attr, 'image');
  assert.deepEqual(
    Object.keys(given).filter(name => ['password', 'github-token', 'mode'].includes(name)),
    [],
  );
  assert.deepEqual(reuseFrom.map(formatReference), ['ghcr.io/acme/app:main']);
  assert.deepEqual(tagging.references.map(formatReference), ['ghcr.io/acme/app:1', 'docker.io/acme/app:latest']);
  assert.deepEqual(others, {
    name: undefined,
    builds: [{ source: { kind: 'file', file: 'default.nix', attr: 'image' } }],
    pushByDigest: false,
    comment: false,
    ifExists: 'skip',
    sources: [],
    allowLabels: describingLabels,
    buildArgs: ['--argstr', 'name', 'with blanks in it', '--accept-flake-config'],
    impure: true,
    native: 'require',
    preferStream: false,
    imageName: 'app:1',
    platforms: ['linux/arm/v7'],
    config: { Cmd: ['/bin/app'] },
    contents: ['.#one', 'nixpkgs#two'],
    user: '1000:1000',
    base: 'docker.io/library/alpine:3',
    maxLayers: 127,
    nixDb: true,
    checkReproducible: true,
    require: { parts: ['signature', 'provenance', 'sbom'] },
    labels: { set: { a: ' 1 ' }, deleted: new Set(['b']) },
    mode: 'build',
    annotate: ['config'],
    metadata: { kind: 'env' },
    revision: 'merge',
    dryRun: true,
    exportMetadata: true,
    annotations: [{ key: 'c', value: '3' }],
    created: 'now',
    push: true,
    load: true,
    output: { kind: 'oci-archive', path: 'out/image.tar' },
    compression: { method: 'zstd', level: 9 },
    reuse: 'trust',
    check: 'error',
    checkIgnore: ['no-tmp', 'build-tools'],
    preflight: false,
    sbom: { formats: ['cyclonedx', 'spdx'], file: '{{format}}.json' },
    attest: {
      signer: { kind: 'keyless', config: 'sigstore.json' },
      provenance: true,
      allowUnattested: true,
      toGitHub: true,
    },
    login: { username: 'user', password: 'secret' },
    githubToken: 'token',
    insecureRegistries: ['registry:5000', '10.0.0.1', '[::2]:5000'],
    nix: {
      nixVersion: '2.30.1',
      nixUrl: 'https://mirror.example/nix',
      nixSha256: '0'.repeat(64),
      nixVersionStrict: true,
      substituters: ['https://cache.example'],
      trustedPublicKeys: ['cache.example-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
      builders: ['ssh://builder aarch64-linux'],
      nixConf: ['sandbox = false', 'cores = 2'],
    },
    rebuild: 'always',
    cache: {
      use: 'restore',
      save: 'never',
      keyFiles: ['**/Cargo.lock', 'go.sum'],
      keyExtra: 'week 3',
      excludeSubstitutable: true,
      maxSize: 1_500_000_000,
      directory: '/var/cache/nix image',
    },
  });
});

suite('where the image comes from', () => {
  for (const [name, texts, source] of [
    ['an installable', { installable: '.#image' }, { kind: 'installable', installable: '.#image' }],
    ['a file', { file: 'default.nix' }, { kind: 'file', file: 'default.nix' }],
    ['a path', { path: './result' }, { kind: 'path', path: './result' }],
    ['the default installable gives way', { installable: '.', path: 'result' }, { kind: 'path', path: 'result' }],
  ] as const) {
    test(name, () => assert.deepEqual(parse(texts).builds, [{ source }]));
  }
});

suite('where the image goes to', () => {
  for (const [text, kind, path] of [
    ['oci:dir', 'oci', 'dir'],
    ['oci-archive:/tmp/a.tar', 'oci-archive', '/tmp/a.tar'],
    ['docker-archive:a:b.tar', 'docker-archive', 'a:b.tar'],
  ] as const) {
    test(text, () => assert.deepEqual(parse({ output: text }).output, { kind, path }));
  }
});

suite('how large a cache entry may be', () => {
  for (const [text, bytes] of [
    ['1000', 1000],
    ['4 kB', 4000],
    ['200MB', 200_000_000],
    ['2T', 2e12],
  ] as const) {
    test(text, () => assert.equal(parse({ 'cache-max-size': text }).cache.maxSize, bytes));
  }
});

for (const [name, text] of [
  ['cache', 'yes'],
  ['cache-save', 'always'],
  ['cache-max-size', '4 apples'],
  ['cache-max-size', '-1'],
  ['cache-to', 'var/cache'],
  ['cache-to', 'file://var/cache'],
  ['cache-to', 'ssh://host'],
  ['cache-to', 's3://bucket with blanks'],
] as const) {
  test(`${name}: ${text} is refused`, () =>
    assert.throws(() => parse({ [name]: text }), failureWith(`Cannot use ${name}`, text)));
}

suite('a cache in a registry', () => {
  const signingKey = `cache-1:${Buffer.alloc(64).toString('base64')}`;
  const repository = { host: 'ghcr.io', path: 'acme/app-cache' };
  const url = 'oci://ghcr.io/acme/app-cache';

  test('with and without a key', () => {
    assert.deepEqual(parse({ 'cache-to': url }).cache.registry, { repository });
    const signed = parse({ 'cache-to': url, 'cache-signing-key': signingKey });
    assert.deepEqual(signed.cache.registry, { repository, signingKey });
  });

  test('keeps a number of entries, those of some days, or both', () => {
    const day = 86_400_000;
    const keep = (text: string) => parse({ 'cache-to': url, 'cache-keep': text }).cache.keep;
    assert.deepEqual(keep('10'), { count: 10 });
    assert.deepEqual(keep('14d'), { age: 14 * day });
    assert.deepEqual(keep('14d 10'), { count: 10, age: 14 * day });
  });

  for (const text of ['0', 'x', '1w', '1 2', '1d 2d', '1.5', '-1', '1 2d 3']) {
    test(`cache-keep: ${text} is refused`, () =>
      assert.throws(() => parse({ 'cache-to': url, 'cache-keep': text }), failureWith('Cannot use cache-keep', text)));
  }

  test('cache-keep needs a registry, and no login is shown', () => {
    assert.throws(() => parse({ 'cache-keep': '1', 'cache-to': '/var/cache' }), /^Failure: Cannot use cache-keep/);
    assert.throws(
      () => parse({ 'cache-to': 'oci://user:hunter2@ghcr.io/acme/app' }),
      (error: Error) => /has no login/.test(error.message) && !error.message.includes('hunter2'),
    );
  });
});

suite('a binary cache', () => {
  const signingKey = `cache.example-1:${Buffer.alloc(64).toString('base64')}`;
  const url = 'https://cache.example/path?compression=xz';

  test('with and without a key', () => {
    assert.deepEqual(parse({ 'cache-to': url }).cache.binaryCache, { url });
    assert.deepEqual(parse({ 'cache-to': 's3://bucket?region=eu-west-1' }).cache.directory, undefined);
    const signed = parse({ 'cache-to': url, 'cache-signing-key': `${signingKey}\n` });
    assert.deepEqual(signed.cache.binaryCache, { url, signingKey });
  });

  for (const [name, texts] of Object.entries({
    'a key without a cache': { 'cache-signing-key': signingKey },
    'a key with a directory': { 'cache-signing-key': signingKey, 'cache-to': '/var/cache' },
    'what is no key': { 'cache-signing-key': 'cache.example-1:c2VjcmV0', 'cache-to': url },
    'a size': { 'cache-max-size': '4GB', 'cache-to': url },
  })) {
    test(`${name} is refused, and no key is shown`, () =>
      assert.throws(
        () => parse(texts),
        (error: Error) => /^Cannot use cache-/.test(error.message) && !/c2VjcmV0|AAAA/.test(error.message),
      ));
  }
});

suite('how layers are compressed', () => {
  for (const [texts, expected] of [
    [{}, undefined],
    [{ compression: 'gzip' }, { method: 'gzip', level: 1 }],
    [{ compression: 'zstd' }, { method: 'zstd', level: 3 }],
    [{ compression: 'zstd:chunked' }, { method: 'zstd:chunked', level: 3 }],
    [{ compression: 'none' }, { method: 'none', level: 0 }],
    [{ 'compression-level': '6' }, { method: 'gzip', level: 6 }],
    [
      { compression: 'zstd', 'compression-level': '19' },
      { method: 'zstd', level: 19 },
    ],
  ] as const) {
    test(JSON.stringify(texts), () => assert.deepEqual(parse(texts).compression, expected));
  }
});

const yes = 'true';

suite('inputs that contradict each other', () => {
  for (const [texts, ...parts] of [
    [{ installable: '.#a', file: 'b.nix' }, 'installable and file together', 'Keep one'],
    [{ installable: '.#a', path: 'b' }, 'installable and path together', 'Keep one'],
    [{ file: 'a.nix', path: 'b' }, 'file and path together', 'Keep one'],
    [{ installable: '.#a', file: 'b.nix', path: 'c' }, 'installable and file and path together'],
    [{ attr: 'image' }, 'attr "image" without file', 'name the Nix file'],
    [{ attr: 'image', path: 'a' }, 'attr "image" without file'],
    [{ push: yes }, 'Cannot push: tags is empty', 'Give at least one reference in tags'],
    [{ load: yes, tags: '# none' }, 'Cannot load: tags is empty', 'Give at least one reference in tags'],
    [{ path: 'a', impure: yes }, 'together with path', 'Remove one'],
    [{ path: 'a', 'build-args': '--impure' }, 'together with path', 'Remove one'],
    [{ password: 'secret' }, 'password alone', 'give username and password'],
  ] as const) {
    test(JSON.stringify(texts), () => assert.throws(() => parse(texts), failureWith(...parts)));
  }
});

suite('values that no input takes', () => {
  for (const [texts, ...cures] of [
    [{ push: 'yes' }, 'push: "yes"', 'true or false'],
    [{ load: '1' }, 'load: "1"', 'true or false'],
    [{ impure: 'TrUe' }, 'impure: "TrUe"', 'true or false'],
    [{ created: 'yesterday' }, 'created: "yesterday"', 'Write commit, now, keep'],
    [{ output: 'result.tar' }, 'output: "result.tar"', 'Give oci:DIR, oci-archive:FILE or docker-archive:FILE'],
    [{ output: 'oci:' }, 'output: "oci:"', 'Give oci:DIR'],
    [{ output: 'OCI:dir' }, 'output: "OCI:dir"', 'Give oci:DIR'],
    [{ tags: 'ghcr.io/Acme/app' }, '"ghcr.io/Acme/app"', 'write "ghcr.io/acme/app:latest"'],
    [{ labels: 'no-equals' }, '"no-equals"', 'write key=value'],
    [{ annotations: 'index-descriptor:a=1' }, '"index-descriptor:a=1"', 'Write key=value'],
    [{ 'build-args': '--argstr name value' }, '"--argstr name value"', 'on separate lines'],
    [{ native: 'yes' }, 'native: "yes"', 'Give auto, require or off'],
    [{ 'prefer-stream': 'maybe' }, 'prefer-stream: "maybe"', 'Give true or false'],
    [{ platform: 'amd64' }, 'platform: "amd64"', 'Give OS/ARCHITECTURE'],
    [{ platform: 'linux/amd64,linux/arm64' }, 'platform: "linux/amd64,linux/arm64"', 'Give OS/ARCHITECTURE'],
    [{ config: '{"Cmd":' }, 'config: it is not JSON'],
    [{ layering: 'Stable' }, 'layering: "Stable"', 'Give stable, popularity or as-built'],
    [
      { require: 'provenance,rebuild', mode: 'verify', image: 'acme/app', 'require-key': 'k' },
      'require: rebuild needs signature and provenance',
      'Add both',
    ],
    [{ 'max-layers': '1' }, 'max-layers: "1"', 'Give a number from 2 to 127'],
    [{ 'max-layers': '128' }, 'max-layers: "128"', 'Give a number from 2 to 127'],
    [{ 'nix-version-strict': 'true' }, 'nix-version-strict: nix-version is empty', 'Set it to the required version'],
    [{ 'trusted-public-keys': 'cache.example.org' }, 'trusted-public-keys: "cache.example.org"', 'Give NAME:BASE64'],
    [{ compression: 'xz' }, 'compression: "xz"', 'Use gzip, zstd, zstd:chunked or none'],
    [{ 'compression-level': '0' }, 'compression-level: "0"', 'gzip has levels 1 to 9'],
    [{ 'compression-level': '1.5' }, 'compression-level: "1.5"', 'gzip has levels 1 to 9'],
    [{ compression: 'zstd', 'compression-level': '20' }, 'compression-level: "20"', 'zstd has levels 1 to 19'],
    [{ compression: 'none', 'compression-level': '6' }, 'compression-level: "6"', 'none has no level'],
    [{ reuse: 'always' }, 'reuse: "always"', 'Give trust, verify or off'],
    [{ 'reuse-from': 'Acme/app' }, '"Acme/app"', 'lower-case'],
    [{ check: 'fail' }, 'check: "fail"', 'Give warn, error or off'],
    [{ preflight: 'no' }, 'preflight: "no"', 'Give true or false'],
    [{ 'insecure-registries': 'a:5000,http://b:5000' }, '"http://b:5000"', 'Give HOST or HOST:PORT'],
  ] as const) {
    test(JSON.stringify(texts), () => assert.throws(() => parse(texts), failureWith(...cures)));
  }
});

test('a login that is not whole keeps its secret to itself', () => {
  assert.throws(
    () => parse({ password: 'hush' }),
    (error: Error) => !error.message.includes('hush'),
  );
});

suite('several images and platforms', () => {
  const images = (texts: Texts) => parseImages(name => texts[name] ?? '');

  test('a name makes an image, a platform a variant of it', () => {
    const texts = {
      installable: 'web/linux/amd64=.#a\nweb/linux/arm64=.#b\nworker=.#c?x=y',
      tags: 'ghcr.io/acme/{{name}}:1',
      output: 'oci:out/{{name}}',
    };
    const source = (installable: string) => ({ kind: 'installable', installable });
    assert.deepEqual(
      images(texts).map(({ name, builds, tagging, output }) => ({
        name,
        builds,
        tags: tagging.references.map(formatReference),
        output: output?.path,
      })),
      [
        {
          name: 'web',
          builds: [
            { platform: 'linux/amd64', source: source('.#a') },
            { platform: 'linux/arm64', source: source('.#b') },
          ],
          tags: ['ghcr.io/acme/web:1'],
          output: 'out/web',
        },
        {
          name: 'worker',
          builds: [{ source: source('.#c?x=y') }],
          tags: ['ghcr.io/acme/worker:1'],
          output: 'out/worker',
        },
      ],
    );
  });

  for (const installable of ['.?dir=a#image', 'github:acme/app?ref=main#x', 'path:./a?x=1', '#image', './a=b']) {
    test(`an installable may look much like a name: ${installable}`, () =>
      assert.deepEqual(images({ installable })[0].builds, [{ source: { kind: 'installable', installable } }]));
  }

  for (const [description, texts, ...parts] of [
    ['a name twice', { installable: 'a=.#a\na=.#b' }, 'installable', '2 lines', 'linux/arm64=.#image'],
    ['a platform twice', { installable: 'linux/amd64=.#a\nlinux/amd64=.#b' }, 'linux/amd64'],
    ['some with names', { installable: 'a=.#a\n.#b' }, 'Name all or none'],
    ['some with platforms', { installable: 'linux/amd64=.#a\n.#b' }, 'platform'],
    ['two lines', { installable: '.#a\n.#b' }, '2 lines'],
    ['no platform', { installable: 'linux/=.#a' }, '"linux/"'],
    ['upper case', { installable: 'Web=.#a' }, '"Web"'],
    ['one tag for two images', { installable: 'a=.#a\nb=.#b', tags: 'acme/app:1' }, 'docker.io/acme/app:1', '{{name}}'],
    ['one output for two images', { installable: 'a=.#a\nb=.#b', output: 'oci:out' }, 'oci:out', '{{name}}'],
    ['installable and path', { installable: 'linux/amd64=.#a', path: 'x' }, 'installable and path'],
    [
      'two platforms in an engine',
      { installable: 'linux/amd64=.#a\nlinux/arm64=.#b', load: 'true', tags: 'a' },
      'load',
    ],
    [
      'a tag and by digest',
      { 'push-by-digest': 'true', push: 'true', tags: 'ghcr.io/acme/app:1' },
      'ghcr.io/acme/app:1',
    ],
    ['an index of nothing', { mode: 'index', tags: 'a' }, 'sources is empty'],
    [
      'an installable in the metadata action',
      { mode: 'metadata', installable: 'a=.#a\nb=.#b' },
      'only the build action accepts this',
    ],
    ['sources of a build', { sources: 'a' }, 'only index accepts this'],
    ['tags that cannot exist', { 'push-by-digest': 'true', 'if-exists': 'error' }, 'if-exists'],
    ['an unknown rule for tags', { 'if-exists': 'ignore' }, '"ignore"', 'overwrite, error or skip'],
  ] as const) {
    test(description, () => assert.throws(() => images(texts), failureWith(...parts)));
  }

  test('a host with a port is no tag', () => {
    const [{ pushByDigest }] = images({ 'push-by-digest': 'true', push: 'true', tags: 'registry:5000/acme/app' });
    assert.equal(pushByDigest, true);
  });
});
