import assert from 'node:assert/strict';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { messageOf } from '../../src/lib/failure.ts';
import { runProgram } from '../../src/lib/process.ts';
import { parseNixVersion } from '../../src/nix/nix-version.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { actions } from '../../src/run.ts';
import type { Runtime } from '../../src/runtime.ts';
import { openCheckout } from '../../src/runtimes/checkout.ts';
import type { PostTask } from '../../src/stages/build/save-task.ts';
import { makeSigningKey } from '../cache/oci/signing-key.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { openPutter } from '../support/put-content.ts';
import { type Fault, type Registry, startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeProgram } from '../support/write-program.ts';

type Texts = { readonly [name in InputName]?: string };

const fixture = fileURLToPath(new URL('../fixtures/package/', import.meta.url));

const gitEnv = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: '1600000000 +0000' },
  ...{ GIT_COMMITTER_NAME: 'C', GIT_COMMITTER_EMAIL: 'c@example.com', GIT_COMMITTER_DATE: '1700000000 +0000' },
};

const git = (checkout: string, ...args: string[]) => run('git', args, { cwd: checkout, env: gitEnv });

async function commitAll(checkout: string) {
  await git(checkout, 'add', '--all');
  await git(checkout, 'commit', '-q', '-m', 'change');
}

let root: string;
/** Of this machine's Nix, which is also what a machine without Nix would install. */
let nixVersion: string;
let registry: Registry;
/** What goes wrong in the registry, of `METHOD PATH`. */
let faultOf: (request: string) => Fault | undefined = () => undefined;
let first: Awaited<ReturnType<typeof push>>;

/** A repository with a flake, which is built and pushed once; the entries of that build; a machine with a Nix that only refuses. */
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'nix-image-results-'));
  const [checkout, cache, tools] = [join(root, 'checkout'), join(root, 'cache'), join(root, 'tools')];
  await Promise.all([checkout, cache, tools].map(directory => mkdir(directory)));
  registry = await startRegistry({
    directory: join(root, 'registry'),
    onRequest: ({ method, url }) => faultOf(`${method} ${url}`),
  });
  nixVersion = parseNixVersion(await run('nix', ['--version'])) ?? '';
  await writeProgram(
    tools,
    'nix',
    `[ "$1" = --version ] && echo 'nix (Nix) ${nixVersion}' || { echo 'Nix is asked' >&2; exit 1; }`,
  );
  for (const name of ['flake.nix', 'packages.nix']) await copyFile(join(fixture, name), join(checkout, name));
  await git(checkout, 'init', '-q', '-b', 'main');
  await commitAll(checkout);
  first = await push({}, { checkout, cache });
  assert.equal(first.isReused, 'false');
  assert.equal((await listResults(cache)).length, 2, 'of the commit and of the derivations');
});

after(async () => {
  await registry.close();
  await rm(root, { recursive: true });
});

interface Job {
  readonly checkout: string;
  readonly cache: string;
  /** Of programs; that of this machine if not given. */
  readonly path?: string;
  readonly offers?: Partial<Runtime>;
}

/** Builds the image of a flake and pushes it. */
async function push(texts: Texts, { checkout, cache, path = process.env.PATH, offers }: Job) {
  const temporary = await mkdtemp(join(root, 'temporary-'));
  const { checkout: _, ...known } = await openCheckout(checkout, { env: gitEnv, temporary, searchesAbove: false });
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: path }, checkout, known);
  const given: Texts = {
    installable: '.#hello',
    'nix-conf': 'sandbox = false\nsubstituters =',
    'nix-version': nixVersion,
    'nix-sha256': '0'.repeat(64),
    tags: `${registry.host}/acme/app:1`,
    push: 'true',
    created: '0',
    'cache-to': cache,
    'cache-save': 'true',
    ...texts,
  };
  try {
    const images = parseImages(name => given[name] ?? '');
    const result = await actions.build(images, { ...runtime, ...offers });
    const outputs = outputsOf(result);
    return {
      ...{ result, lines: runtime.lines },
      digest: outputs.digest,
      isReused: outputs['reused-build'],
      bytes: Number(outputs['uploaded-bytes']),
      layers: result.images.flatMap(({ platforms }) => platforms.flatMap(({ layers }) => layers)),
      warnings: runtime.lines.filter(line => line.startsWith('warning: ')),
    };
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${runtime.lines.join('\n')}`);
  } finally {
    await runtime.close();
  }
}

/** Paths of the entries of results. */
async function listResults(cache: string): Promise<string[]> {
  const names = await readdir(cache);
  return names.filter(name => name.startsWith('nix-image-result-')).map(name => join(cache, name));
}

/** The repository and the entries of the first build, to be changed; or the repository alone. */
async function openPushes(t: TestContext, entries: 'entries' | 'no entries' = 'entries') {
  const directory = await temporaryDirectory(t);
  const [checkout, cache] = [join(directory, 'checkout'), join(directory, 'cache')];
  await cp(join(root, 'checkout'), checkout, { recursive: true });
  await (entries === 'entries' ? cp(join(root, 'cache'), cache, { recursive: true }) : mkdir(cache));
  const places = { checkout, cache };
  return {
    ...{ host: registry.host, commit: () => commitAll(checkout) },
    push: (texts: Texts = {}, offers: Partial<Runtime> = {}) => push(texts, { ...places, offers }),
    /** The same on a machine without any program. */
    pushOnly: (texts: Texts = {}) => push(texts, { ...places, path: '/nonexistent' }),
    /** Expects that Nix is asked, so that no result is used before; and that the log has this. */
    needsNix: (texts: Texts = {}, log = /Nix is asked/, offers: Partial<Runtime> = {}) =>
      assert.rejects(push(texts, { ...places, path: join(root, 'tools'), offers }), ({ message }: Error) => {
        assert.match(message, /Nix is asked/);
        assert.match(message, log);
        return true;
      }),
    change: (file: string, text: string) => writeFile(join(checkout, file), text),
    results: () => listResults(cache),
  };
}

test('what was built is labelled and pushed again on a machine without any program', async t => {
  const { host, push, pushOnly } = await openPushes(t);
  const again = await pushOnly();
  assert.deepEqual([again.isReused, again.digest, again.warnings], ['true', first.digest, first.warnings]);
  assert.deepEqual(
    again.layers,
    first.layers.map(layer => ({ ...layer, isCertain: false, state: 'already there' })),
  );
  assert.equal(again.result.nixVersion, first.result.nixVersion);
  assert.match(again.lines.join('\n'), /Reused the build of \d{4}-.*Z \(\/nix\/store\/\S+-hello-\S+\.drv\)/);
  assert.match(summaryOf(again.result), /^Reused the build of `\d{4}-/m);

  const before = registry.requests.length;
  const labelled = await pushOnly({ labels: 'a=b', tags: `${host}/acme/app:v1`, created: '1' });
  assert.equal(labelled.isReused, 'true');
  assert.notEqual(labelled.digest, first.digest);
  assert.ok(labelled.bytes > 0 && labelled.bytes < 10_000, 'the config');
  const sent = registry.requests.slice(before).filter(({ path }) => path.includes('/blobs/'));
  assert.equal(
    sent.filter(({ method }) => method === 'HEAD').length,
    first.layers.length + 1,
    'each layer and the config',
  );
  assert.ok(sent.every(({ method }) => method !== 'GET'));
  const rebuilt = await push({ labels: 'a=b', tags: `${host}/acme/app:v1`, created: '1', rebuild: 'always' });
  assert.deepEqual([rebuilt.isReused, rebuilt.digest], ['false', labelled.digest]);
});

test('a result that was not built twice is not used where that is asked for, and one that was is', async t => {
  const { push, pushOnly } = await openPushes(t);
  const checked = await push({ 'check-reproducible': 'true' });
  assert.deepEqual([checked.isReused, checked.digest], ['false', first.digest]);
  assert.ok(
    checked.lines.some(line => /^info: Built \d+ derivations again, with the same files\.$/.test(line)),
    checked.lines.join('\n'),
  );
  const again = await pushOnly({ 'check-reproducible': 'true' });
  assert.deepEqual([again.isReused, again.digest], ['true', first.digest]);
});

test('the findings of the check are repeated, also those of layers that are only in the registry', async t => {
  const { push, pushOnly, needsNix } = await openPushes(t);
  const config = '{"User":"alice"}';
  const built = await push({ config });
  const again = await pushOnly({ config, created: '1700000000' });
  assert.equal(again.isReused, 'true');
  const [of = [], ofAgain] = [built, again].map(({ result }) => result.images[0]?.findings);
  assert.ok(of.some(({ rule }) => rule === 'unknown-user'));
  // Rules for the config look at that of this run.
  assert.deepEqual(
    ofAgain,
    of.filter(({ rule }) => rule !== 'created-1970'),
  );
  assert.match(again.warnings.join('\n'), /Check unknown-user: /);
  await needsNix({ config, check: 'error' });
});

suite('builds as usual', () => {
  test('if another input is asked for, or layers are needed on this machine', async t => {
    const { host, needsNix } = await openPushes(t);
    await needsNix({ config: '{"Env":["A=b"]}' });
    await needsNix({ installable: '.#pair' });
    await needsNix({ output: `oci:${join(root, 'layout')}` });
    await needsNix({ push: 'false' });
    await needsNix({ tags: `${host}/acme/third:1` }, /The registry no longer has all layers of the build of/);
  });

  test('after a change, and saves nothing of changed files', async t => {
    const { push, change, results } = await openPushes(t);
    await change('packages.nix', `# a change\n${await readFile(join(fixture, 'packages.nix'))}`);
    assert.equal((await push()).isReused, 'false');
    assert.equal((await results()).length, 2);
  });

  test('if the build wrote flake.lock, which the key does not know', async t => {
    const { push, change, commit, results } = await openPushes(t, 'no entries');
    const flake = await readFile(join(fixture, 'flake.nix'), 'utf8');
    await change(
      'flake.nix',
      flake
        .replace('{\n  outputs', '{\n  inputs.data = { url = "path:/etc/hostname"; flake = false; };\n  outputs')
        .replace('{ self }', '{ self, data }'),
    );
    await commit();
    await push();
    assert.deepEqual(await results(), []);
  });
});

test('a run that may not save remembers nothing, and every run reads', async t => {
  const { pushOnly, needsNix } = await openPushes(t);
  assert.equal((await pushOnly({ 'cache-save': 'auto' })).isReused, 'true');
  assert.equal((await pushOnly({ cache: 'restore' })).isReused, 'true');
  await needsNix({ cache: 'false' });
  const { push, results } = await openPushes(t, 'no entries');
  await push({ 'cache-save': 'auto' });
  assert.deepEqual(await results(), [], 'a fork, a tag, another branch');
  await push({ cache: 'false' });
  assert.deepEqual(await results(), []);
});

test('an entry that a service gives for another key is not used', async t => {
  const { needsNix, results } = await openPushes(t);
  const [entry = ''] = await results();
  const cache: NonNullable<Runtime['cache']> = {
    find: async () => undefined,
    async restore(file, key) {
      await copyFile(entry, file);
      return `${key}-2`;
    },
    save: async () => true,
  };
  await needsNix({ 'cache-to': '' }, undefined, { cache });
});

test('a job saves a result after its last step, and only what it pushed', async t => {
  const { push, results } = await openPushes(t, 'no entries');
  const tasks: PostTask[] = [];
  const afterJob = async (task: string) => void tasks.push(JSON.parse(task));
  await push({}, { afterJob });
  assert.deepEqual(await results(), []);
  assert.match(tasks.at(-1)?.result?.key ?? '', /^nix-image-result-/);
  assert.equal(tasks[0]?.result, undefined);
  await push({ 'dry-run': 'true' }, { afterJob });
  assert.equal(tasks.at(-1)?.result, undefined);
});

suite('another commit', () => {
  test('with the same derivations is evaluated, and nothing of it is built', async t => {
    const { push, pushOnly, commit, change, results } = await openPushes(t);
    await change('README.md', 'changed');
    await commit();
    const evaluations: string[] = [];
    const exec: Runtime['exec'] = (program, args, options) => {
      const [command = ''] = args;
      if (['eval', 'build'].includes(command) || args.includes('--derivation')) evaluations.push(command);
      return runProgram(program, args, options);
    };
    const afterJob = async () => assert.fail('a result alone is saved at once');
    const again = await push({}, { exec, afterJob });
    assert.deepEqual(evaluations, ['eval']);
    assert.deepEqual([again.isReused, again.digest], ['true', first.digest]);
    assert.equal(again.result.reused?.by, 'derivations');
    assert.match(again.lines.join('\n'), /the derivations are the same, so nothing was built/);
    assert.equal((await results()).length, 3);
    const known = await pushOnly();
    assert.deepEqual([known.isReused, known.result.reused?.by], ['true', 'commit']);
  });

  test('with another description has other labels, so that it is another result', async t => {
    const { push, commit, change } = await openPushes(t);
    const text = await readFile(join(fixture, 'packages.nix'), 'utf8');
    await change('packages.nix', text.replace('hello = run', 'hello = { meta.description = "Other"; } // run'));
    await commit();
    const again = await push();
    assert.equal(again.isReused, 'false');
    assert.equal(again.result.images[0]?.platforms[0]?.labels['org.opencontainers.image.description'], 'Other');
  });
});

suite('several images of a step', () => {
  const installable = 'hello=.#hello\npair=.#pair';
  test('are one result', async t => {
    const { host, push, pushOnly, needsNix, results } = await openPushes(t, 'no entries');
    const texts = { installable, tags: `${host}/acme/{{name}}:1`, compression: 'zstd', reuse: 'trust' };
    const both = await push(texts);
    assert.equal((await results()).length, 2);
    const again = await pushOnly(texts);
    assert.equal(again.isReused, 'true');
    const digests = ({ result }: typeof both) => result.images.map(({ root }) => root.digest);
    assert.deepEqual(digests(again), digests(both));
    await needsNix(); // One of them alone is another one.
  });
});

test('layers are mounted from another repository of the step', async t => {
  const { host, pushOnly } = await openPushes(t);
  const other = await pushOnly({ tags: `${host}/acme/other:1`, 'reuse-from': `${host}/acme/app:1` });
  assert.equal(other.isReused, 'true');
  assert.ok(other.layers.every(({ state }) => state === 'mounted'));
  assert.equal(other.digest, first.digest);
});

suite('a registry that lost a blob', () => {
  afterEach(() => {
    faultOf = () => undefined;
  });

  test('gets it from a build', async t => {
    const { push } = await openPushes(t);
    const [lost = ''] = first.layers.map(({ descriptor }) => descriptor.digest);
    let isLost = true;
    faultOf = request => {
      if (request.startsWith('PUT') && request.includes(encodeURIComponent(lost))) isLost = false;
      return isLost && request === `HEAD /v2/acme/app/blobs/${lost}` ? { status: 404 } : undefined;
    };
    const again = await push({ reuse: 'verify' });
    assert.deepEqual([again.isReused, again.digest, isLost], ['false', first.digest, false]);
    assert.match(again.lines.join('\n'), /The registry no longer has all layers of the build of/);
  });

  test('that it said it had gets it too', async t => {
    const { push } = await openPushes(t);
    let times = 1;
    faultOf = request =>
      request.startsWith('PUT /v2/acme/app/manifests/') && times-- > 0
        ? { status: 404, body: '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}' }
        : undefined;
    const again = await push();
    assert.deepEqual([again.isReused, again.digest], ['false', first.digest]);
    assert.match(again.warnings.join('\n'), /The registry lost layers of the build of/);
  });
});

suite('results in a registry', () => {
  const cache = 'acme/cache';
  const openWithRegistry = async (t: TestContext) => {
    const url = { 'cache-to': `oci://${registry.host}/${cache}` };
    const { push, pushOnly, needsNix } = await openPushes(t, 'no entries');
    return {
      push: (texts: Texts = {}) => push({ ...url, ...texts }),
      pushOnly: (texts: Texts = {}) => pushOnly({ ...url, ...texts }),
      needsNix: (texts: Texts, log?: RegExp) => needsNix({ ...url, ...texts }, log),
    };
  };
  const listSaved = async () => {
    const tags = await openPutter(registry.host, cache).tags();
    return tags.filter(tag => tag.startsWith('nix-image-result-'));
  };
  const isOfCache = (request: string) => request.includes(`/v2/${cache}/`);
  afterEach(() => {
    faultOf = () => undefined;
  });

  test('are saved beside entries, and used as those elsewhere', async t => {
    const { push, pushOnly, needsNix } = await openWithRegistry(t);
    const built = await push();
    assert.equal(built.isReused, 'false');
    const saved = await listSaved();
    assert.equal(saved.length, 2, built.lines.join('\n'));
    for (const texts of [{}, { cache: 'restore' }, { 'cache-save': 'auto' }]) {
      const again = await pushOnly(texts);
      assert.deepEqual([again.isReused, again.digest], ['true', built.digest]);
    }
    await needsNix({ cache: 'false' });
    await needsNix({ rebuild: 'always' });
    const { secret } = makeSigningKey('cache-1');
    await needsNix({ 'cache-signing-key': secret }, /warning: Ignoring .*: it is not signed, and trusted-public-keys/);
    await push({ config: '{"Env":["A=b"]}', 'cache-keep': '1' });
    const left = await listSaved();
    assert.deepEqual([left.length, left.filter(tag => saved.includes(tag))], [2, []]);
  });

  test('are done without if the registry cannot be read or written', async t => {
    const { push, needsNix } = await openWithRegistry(t);
    faultOf = request => (isOfCache(request) && request.startsWith('GET') ? { status: 400, body: 'no' } : undefined);
    const before = registry.requests.length;
    await needsNix({}, /warning: Running without the store cache: .* 400 no(?!.*\nwarning: .*cache)/s);
    const asked = registry.requests.slice(before).filter(({ path }) => isOfCache(path));
    assert.equal(asked.length, 1, 'the entries are not asked for after the result');
    faultOf = request => (isOfCache(request) && !/^(GET|HEAD)/.test(request) ? { status: 403, body: 'no' } : undefined);
    const built = await push({ config: '{"Env":["B=b"]}' });
    assert.equal(built.isReused, 'false');
    assert.match(built.warnings.join('\n'), /warning: Cannot save the result of this build: .* 403 no/);
  });
});

suite('a planted entry is refused, and the image is built', () => {
  for (const [name, expected, plant] of [
    [
      'damaged',
      /warning: Ignoring the result of an earlier run nix-image-result-.*: .*it is not JSON/,
      () => '{"format":',
    ],
    [
      'with digests of blobs that the registry does not have',
      /info: The registry no longer has all layers/,
      (text: string) => text.replaceAll(/"digest":"sha256:[0-9a-f]{64}"/g, `"digest":"sha256:${'0'.repeat(64)}"`),
    ],
  ] as const) {
    test(name, async t => {
      const { needsNix, results } = await openPushes(t);
      for (const entry of await results()) await writeFile(entry, plant(await readFile(entry, 'utf8')));
      await needsNix({}, expected);
    });
  }
});
