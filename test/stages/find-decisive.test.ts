import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { resultKey } from '../../src/results/result-key.ts';
import type { CleanCommit } from '../../src/runtime.ts';
import { findDecisive } from '../../src/stages/build/find-decisive.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { openPutter } from '../support/put-content.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeProgram } from '../support/write-program.ts';

type Texts = { readonly [name in InputName]?: string };
type Environment = Readonly<Record<string, string>>;

const commit: CleanCommit = { revision: '0'.repeat(40), directory: '', shallow: '' };

/** The key of a build in a directory with a flake, and why there is none. */
async function openKeys(t: TestContext) {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'flake.nix'), '{ }');
  const find = async (texts: Texts = {}, env: Environment = {}, found: CleanCommit | 'unknown' = commit) => {
    const runtime = await openTestRuntime(env, directory, {
      cleanCommit: async () => (found === 'unknown' ? undefined : found),
    });
    t.after(() => runtime.close());
    const { log } = runtime;
    const transport = openTransport({ insecureHosts: [], env });
    t.after(() => transport.close());
    const access = { transport, insecureRegistries: [], log, env };
    const decisive = await findDecisive(
      parseImages(name => texts[name] ?? ''),
      { runtime, access },
    );
    return { key: decisive && resultKey(decisive), why: runtime.lines.join('\n') };
  };
  return { directory, find };
}

test('is the same for the same', async t => {
  const { find } = await openKeys(t);
  const { key, why } = await find();
  assert.match(key ?? '', /^nix-image-result-2-[0-9a-f]{12}-[0-9a-f]{64}$/);
  assert.equal(why, '');
  assert.equal((await find()).key, key);
  assert.equal((await find({ labels: 'a=b', tags: 'ghcr.io/acme/app:2', push: 'true' })).key, key);
  assert.equal((await find({}, { NIX_CONFIG: 'access-tokens = github.com=x' })).key, key);
});

test('is another one for another commit, directory in it, depth of history, lock file, input, store or setting', async t => {
  const { directory, find } = await openKeys(t);
  const keys = [
    await find(),
    await find({}, {}, { ...commit, revision: '1'.repeat(40) }),
    await find({}, {}, { ...commit, directory: 'sub' }),
    await find({}, {}, { ...commit, shallow: '1'.repeat(40) }),
    await find({ config: '{"Cmd":["x"]}' }),
    await find({ installable: 'a=.#a\nb=.#b' }),
    await find({ contents: '.#tools' }),
    await find({}, { NIX_STORE_DIR: '/store' }),
    await find({}, { NIX_CONFIG: 'cores = 1' }),
  ];
  await writeFile(join(directory, 'flake.lock'), '{"nodes":{"root":{}},"root":"root","version":7}');
  keys.push(await find());
  assert.deepEqual(keys.map(({ why }) => why).filter(Boolean), []);
  const more = join(await temporaryDirectory(t), 'more.conf');
  for (const text of ['cores = 2', 'cores = 3']) {
    await writeFile(more, text);
    keys.push(await find({}, { NIX_CONFIG: `include ${more}` }), await find({ 'nix-conf': `!include ${more}` }));
  }
  assert.equal(new Set(keys.map(({ key }) => key)).size, keys.length);
});

test('is another one for another Nix and for other settings of this machine, wherever they are', async t => {
  const { directory, find } = await openKeys(t);
  const env = { PATH: directory, NIX_CONF_DIR: directory, XDG_CONFIG_HOME: join(directory, 'home') };
  const keyWith = async (version: string, files: Readonly<Record<string, string>> = {}) => {
    await writeProgram(directory, 'nix', `echo 'nix (Nix) ${version}'`);
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return (await find({}, env)).key;
  };
  await mkdir(join(directory, 'home/nix'), { recursive: true });
  const first = await keyWith('2.24.1');
  assert.equal(await keyWith('2.24.1'), first);
  assert.equal((await find({ 'nix-version': '2.30.0' }, env)).key === first, false);
  const none = {
    'nix.conf':
      '# a comment\n\naccess-tokens = github.com=x # ours\npost-build-hook = /tmp/x1/hook\nnetrc-file = /tmp/x1/netrc\n!include missing.conf\n',
  };
  assert.equal(await keyWith('2.24.1', none), first, 'nothing is set');
  const keys = [
    first,
    await keyWith('2.24.2'),
    await keyWith('2.24.1', { 'nix.conf': 'system-features = kvm\ninclude more.conf' }),
    await keyWith('2.24.1', { 'more.conf': 'cores = 1' }),
    await keyWith('2.24.1', { 'home/nix/nix.conf': 'cores = 2' }),
  ];
  assert.equal(new Set(keys).size, keys.length);
  await writeFile(join(directory, 'more.conf'), 'include more.conf');
  const { key, why } = await find({}, env);
  assert.deepEqual([key, /the settings of Nix are in more than 50 files/.test(why)], [undefined, true], why);
});

test('has the digest that the tag of a base names now', async t => {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const { find } = await openKeys(t);
  const base = `${registry.host}/acme/base:1`;
  assert.match((await find({ base })).why, /404/);
  const put = openPutter(registry.host, 'acme/base');
  const keyFor = async (text: string) => {
    await put.image(text, undefined, '1');
    return (await find({ base })).key;
  };
  const first = await keyFor('one');
  assert.notEqual(await keyFor('two'), first);
  assert.equal(await keyFor('one'), first);
});

test('has the content of the key that must have signed', async t => {
  const { directory, find } = await openKeys(t);
  const texts: Texts = { 'require-key': './cosign.pub', 'reuse-from': 'ghcr.io/acme/app:main' };
  const keyWith = async (text: string) => {
    await writeFile(join(directory, 'cosign.pub'), text);
    return (await find(texts)).key;
  };
  const first = await keyWith('one');
  assert.ok(first);
  assert.notEqual(await keyWith('two'), first);
  assert.equal(await keyWith('one'), first);
});

suite('there is none, and the debug log says why', () => {
  const cases: Readonly<Record<string, readonly [RegExp, Texts, Environment?]>> = {
    impure: [/impure is set/, { impure: 'true' }],
    'reuse: off': [/reuse: off makes every layer/, { reuse: 'off' }],
    'a file': [/file is not evaluated as a flake/, { file: 'default.nix' }],
    'an override of an input': [
      /build-args has --override-input/,
      { 'build-args': '--override-input\nnixpkgs\npath:/nixpkgs' },
    ],
    'code that runs during an evaluation': [
      /settings of Nix have allow-unsafe-native/,
      { 'nix-conf': 'allow-unsafe-native-code-during-evaluation = true' },
    ],
    'plugins of Nix': [/settings of Nix have plugin-files/, {}, { NIX_CONFIG: 'plugin-files = /lib/plugin.so' }],
    'derivations that are built anew each time': [
      /settings of Nix have impure-derivations/,
      { 'nix-conf': 'extra-experimental-features = impure-derivations' },
    ],
    'a setting in build-args': [/build-args has --option/, { 'build-args': '--option\npure-eval\nfalse' }],
    NIX_PATH: [/NIX_PATH is set/, {}, { NIX_PATH: 'nixpkgs=/nixpkgs' }],
    'a base that is a file': [/base is a file/, { base: './base.tar' }],
    'a flake from elsewhere': [/not a flake in a Git repository/, { installable: 'github:acme/app' }],
    'contents from elsewhere': [/not a flake in a Git repository/, { contents: 'nixpkgs#cacert' }],
    'a directory that Nix copies whole': [/not a flake in a Git repository/, { installable: 'path:.' }],
  };
  for (const [name, [expected, texts, env]] of Object.entries(cases)) {
    test(name, async t => {
      const { key, why } = await (await openKeys(t)).find(texts, env);
      assert.equal(key, undefined);
      assert.match(why, expected);
      assert.match(why, /^debug: The result of this build has no key: /);
    });
  }

  test('a flake that sets pure-eval, which Nix obeys once it was told to accept that', async t => {
    const { directory, find } = await openKeys(t);
    await writeFile(join(directory, 'flake.nix'), '{ outputs = _: { }; } # as with pure-eval = false');
    assert.ok((await find()).key);
    await writeFile(join(directory, 'flake.nix'), '{ nixConfig.pure-eval = false; outputs = _: { }; }');
    assert.match((await find()).why, /nixConfig in .*flake\.nix may set pure-eval/);
  });

  test('changed files', async t => {
    const { key, why } = await (await openKeys(t)).find({}, {}, 'unknown');
    assert.equal(key, undefined);
    assert.match(why, /differ from the commit/);
  });
});
