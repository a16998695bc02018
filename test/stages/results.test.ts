import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { actions } from '../../src/run.ts';
import type { Runtime } from '../../src/runtime.ts';
import { openCheckout } from '../../src/runtimes/checkout.ts';
import type { PostTask } from '../../src/stages/build/save-task.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { startDistribution } from '../support/distribution.ts';
import { type Fault, startRegistry } from '../support/registry.ts';
import { startRequestLog } from '../support/request-log.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type Texts = { readonly [name in InputName]?: string };

const fixture = fileURLToPath(new URL('../fixtures/package/', import.meta.url));

const gitEnv = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: '1600000000 +0000' },
  ...{ GIT_COMMITTER_NAME: 'C', GIT_COMMITTER_EMAIL: 'c@example.com', GIT_COMMITTER_DATE: '1700000000 +0000' },
};

/** A repository with a flake, a directory of entries, and pushes of the image of that flake to `host`. */
async function openPushes(t: TestContext, host: string) {
  const root = await temporaryDirectory(t);
  const [checkout, cache] = [join(root, 'checkout'), join(root, 'cache')];
  await mkdir(checkout);
  for (const name of ['flake.nix', 'packages.nix']) await copyFile(join(fixture, name), join(checkout, name));
  const git = (...args: string[]) => run('git', args, { cwd: checkout, env: gitEnv });
  await git('init', '-q', '-b', 'main');
  const commit = async () => {
    await git('add', '--all');
    await git('commit', '-q', '--allow-empty', '-m', 'change');
  };
  await commit();
  const push = async (texts: Texts = {}, path = process.env.PATH, offers: Partial<Runtime> = {}) => {
    const temporary = await temporaryDirectory(t);
    const { checkout: _, ...known } = await openCheckout(checkout, { env: gitEnv, temporary, searchesAbove: false });
    const opened = await openTestRuntime({ HOME: '/nonexistent', PATH: path }, checkout, known);
    t.after(() => opened.close());
    const given: Texts = {
      installable: '.#hello',
      'nix-conf': 'sandbox = false\nsubstituters =',
      tags: `${host}/acme/app:1`,
      push: 'true',
      created: '0',
      'cache-to': cache,
      'cache-save': 'true',
      ...texts,
    };
    const images = parseImages(name => given[name] ?? '');
    const result = await actions.build(images, { ...opened, ...offers });
    const outputs = outputsOf(result);
    return {
      ...{ result, lines: opened.lines },
      digest: outputs.digest,
      isReused: outputs['reused-build'],
      bytes: Number(outputs['uploaded-bytes']),
      layers: result.images.flatMap(({ platforms }) => platforms.flatMap(({ layers }) => layers)),
      warnings: opened.lines.filter(line => line.startsWith('warning: ')),
    };
  };
  return {
    ...{ checkout, commit, push },
    /** The same on a machine without any program. */
    pushOnly: (texts: Texts = {}) => push(texts, '/nonexistent'),
    change: (file: string, text: string) => writeFile(join(checkout, file), text),
    /** Paths of the entries of results. */
    async results() {
      const names = await readdir(cache).catch(() => []);
      return names.filter(name => name.startsWith('nix-image-result-')).map(name => join(cache, name));
    },
  };
}

async function openSituation(t: TestContext) {
  const registry = await startDistribution();
  t.after(() => registry.close());
  const { host, requests } = await startRequestLog(t, registry.host);
  return { host, requests, ...(await openPushes(t, host)) };
}

test('what was built is labelled and pushed again on a machine without any program', async t => {
  const { host, requests, push, pushOnly, results } = await openSituation(t);
  const first = await push();
  assert.equal(first.isReused, 'false');
  assert.equal((await results()).length, 2, 'of the commit and of the derivations');

  const again = await pushOnly();
  assert.deepEqual([again.isReused, again.digest, again.warnings], ['true', first.digest, []]);
  assert.deepEqual(
    again.layers,
    first.layers.map(layer => ({ ...layer, isCertain: false, state: 'already there' })),
  );
  assert.equal(again.result.nixVersion, first.result.nixVersion);
  assert.match(again.lines.join('\n'), /Reused the build of \d{4}-.*Z \(\/nix\/store\/\S+-hello-\S+\.drv\)/);
  assert.match(summaryOf(again.result), /reused from `\d{4}-/);

  const before = requests.length;
  const labelled = await pushOnly({ labels: 'a=b', tags: `${host}/acme/app:v1`, created: '1' });
  assert.equal(labelled.isReused, 'true');
  assert.notEqual(labelled.digest, first.digest);
  assert.ok(labelled.bytes > 0 && labelled.bytes < 10_000, 'the config');
  const sent = requests.slice(before);
  assert.equal(
    sent.filter(line => /^HEAD .*\/blobs\//.test(line)).length,
    first.layers.length + 1,
    'each layer and the config',
  );
  assert.deepEqual(
    sent.filter(line => /^GET .*\/blobs\//.test(line)),
    [],
  );
  const rebuilt = await push({ labels: 'a=b', tags: `${host}/acme/app:v1`, created: '1', rebuild: 'always' });
  assert.deepEqual([rebuilt.isReused, rebuilt.digest], ['false', labelled.digest]);
});

suite('builds as usual', () => {
  test('after a change, and if another input is asked for', async t => {
    const { push, change, results } = await openSituation(t);
    await push();
    assert.equal((await results()).length, 2, 'of the commit and of the derivations');
    assert.equal((await push({ config: '{"Env":["A=b"]}' })).isReused, 'false');
    assert.equal((await push({ rebuild: 'always' })).isReused, 'false');
    await change('packages.nix', `# a change\n${await readFile(join(fixture, 'packages.nix'))}`);
    assert.equal((await push()).isReused, 'false');
    assert.equal((await results()).length, 4, 'nothing is saved of changed files');
  });

  test('if layers are needed on this machine', async t => {
    const { push } = await openSituation(t);
    await push();
    const output = `oci:${await temporaryDirectory(t)}/layout`;
    for (const texts of [{ output }, { push: 'false' }]) assert.equal((await push(texts)).isReused, 'false');
  });

  test('if the build wrote flake.lock, which the key does not know', async t => {
    const { push, change, commit, results } = await openSituation(t);
    const flake = await readFile(join(fixture, 'flake.nix'), 'utf8');
    await change('sub.nix', '{ }');
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
  const { push, pushOnly, results } = await openSituation(t);
  await push({ 'cache-save': 'auto' });
  assert.deepEqual(await results(), [], 'a fork, a tag, another branch');
  await push({ cache: 'false' });
  assert.deepEqual(await results(), []);
  await push();
  assert.equal((await pushOnly({ 'cache-save': 'auto' })).isReused, 'true');
  assert.equal((await pushOnly({ cache: 'restore' })).isReused, 'true');
});

test('an entry that a service gives for another key is not used', async t => {
  const { push, results } = await openSituation(t);
  const { digest } = await push();
  const [entry = ''] = await results();
  const cache: NonNullable<Runtime['cache']> = {
    find: async () => undefined,
    async restore(file, key) {
      await copyFile(entry, file);
      return `${key}-2`;
    },
    save: async () => true,
  };
  const again = await push({ 'cache-to': '' }, process.env.PATH, { cache });
  assert.deepEqual([again.isReused, again.digest], ['false', digest]);
});

test('a job saves a result after its last step, and only what it pushed', async t => {
  const { push, results } = await openSituation(t);
  const tasks: PostTask[] = [];
  const afterJob = async (task: string) => void tasks.push(JSON.parse(task));
  await push({}, process.env.PATH, { afterJob });
  assert.deepEqual(await results(), []);
  assert.match(tasks.at(-1)?.results?.[0]?.key ?? '', /^nix-image-result-/);
  assert.equal(tasks[0]?.results, undefined);
  await push({ 'dry-run': 'true' }, process.env.PATH, { afterJob });
  assert.deepEqual(tasks.at(-1)?.results ?? [], []);
});

suite('another commit', () => {
  test('with the same derivations is evaluated, and nothing of it is built', async t => {
    const { push, pushOnly, commit, change, results } = await openSituation(t);
    const first = await push();
    await change('README.md', 'changed');
    await commit();
    const again = await push();
    assert.deepEqual([again.isReused, again.digest], ['true', first.digest]);
    assert.equal(again.result.reused?.by, 'derivations');
    assert.match(again.lines.join('\n'), /the derivations are the same, so nothing was built/);
    assert.equal((await results()).length, 3);
    const known = await pushOnly();
    assert.deepEqual([known.isReused, known.result.reused?.by], ['true', 'commit']);
  });

  test('with another description has other labels, so that it is another result', async t => {
    const { push, commit, change } = await openSituation(t);
    await push();
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
    const { host, push, pushOnly, results } = await openSituation(t);
    const texts = { installable, tags: `${host}/acme/{{name}}:1`, compression: 'zstd', reuse: 'trust' };
    const first = await push(texts);
    assert.equal((await results()).length, 2);
    const again = await pushOnly(texts);
    assert.equal(again.isReused, 'true');
    const digests = ({ result }: typeof first) => result.images.map(({ root }) => root.digest);
    assert.deepEqual(digests(again), digests(first));
    assert.equal((await push()).isReused, 'false', 'one of them alone is another one');
  });
});

test('layers are mounted from another repository of the step', async t => {
  const { host, push, pushOnly } = await openSituation(t);
  const first = await push();
  const other = await pushOnly({ tags: `${host}/acme/other:1`, 'reuse-from': `${host}/acme/app:1` });
  assert.equal(other.isReused, 'true');
  assert.ok(other.layers.every(({ state }) => state === 'mounted'));
  assert.equal(other.digest, first.digest);
  assert.equal((await push({ tags: `${host}/acme/third:1` })).isReused, 'false', 'there they are not known to be');
});

suite('a registry that lost a blob', () => {
  async function openFaults(t: TestContext) {
    let fault: (request: string) => Fault | undefined = () => undefined;
    const registry = await startRegistry({
      directory: await temporaryDirectory(t),
      onRequest: ({ method, url }) => fault(`${method} ${url}`),
    });
    t.after(() => registry.close());
    const pushes = await openPushes(t, registry.host);
    const first = await pushes.push();
    const [lost = ''] = first.layers.map(({ descriptor }) => descriptor.digest);
    return {
      ...pushes,
      first,
      lost,
      failOn(next: typeof fault) {
        fault = next;
      },
    };
  }

  test('gets it from a build', async t => {
    const { push, first, lost, failOn } = await openFaults(t);
    let isLost = true;
    failOn(request => {
      if (request.startsWith('PUT') && request.includes(encodeURIComponent(lost))) isLost = false;
      return isLost && request === `HEAD /v2/acme/app/blobs/${lost}` ? { status: 404 } : undefined;
    });
    const again = await push({ reuse: 'verify' });
    assert.deepEqual([again.isReused, again.digest], ['false', first.digest]);
    assert.match(again.lines.join('\n'), /The registry no longer has all layers of the build of/);
  });

  test('that it said it had gets it too', async t => {
    const { push, first, failOn } = await openFaults(t);
    let times = 1;
    failOn(request =>
      request.startsWith('PUT /v2/acme/app/manifests/') && times-- > 0
        ? { status: 404, body: '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}' }
        : undefined,
    );
    const again = await push();
    assert.deepEqual([again.isReused, again.digest], ['false', first.digest]);
    assert.match(again.warnings.join('\n'), /The registry lost layers of the build of/);
  });
});

suite('a planted entry is refused, and the image is built', () => {
  for (const [name, expected, plant] of [
    ['damaged', /warning: Building, .* \(nix-image-result-.*\): .*it is not JSON/, () => '{"format":'],
    [
      'with digests of blobs that the registry does not have',
      /info: The registry no longer has all layers/,
      (text: string) => text.replaceAll(/"digest":"sha256:[0-9a-f]{64}"/g, `"digest":"sha256:${'0'.repeat(64)}"`),
    ],
  ] as const) {
    test(name, async t => {
      const { push, results } = await openSituation(t);
      const { digest } = await push();
      for (const entry of await results()) await writeFile(entry, plant(await readFile(entry, 'utf8')));
      const built = await push();
      assert.deepEqual([built.isReused, built.digest], ['false', digest]);
      assert.match(built.lines.join('\n'), expected);
    });
  }
});
