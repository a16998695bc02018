import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hexOf } from '../../src/oci/digest.ts';
import { archive } from '../support/archives.ts';
import { startDistribution } from '../support/distribution.ts';
import { failureWith } from '../support/failure.ts';
import { type Fault, startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { layersOf, runMode, type Texts } from './run-mode.ts';

// What others do to a registry while a run pushes to it. The outcome is one complete image or the other.

const texts: Texts = { path: archive('layered.tar.gz'), created: '0', push: 'true' };
const labelled = (label: string): Texts => ({ ...texts, labels: `org.example.run=${label}` });

type Disturb = (request: IncomingMessage) => Fault | undefined;

/** A registry of this test alone, its files at hand: somebody else may change them at any request. */
async function open(t: TestContext) {
  const directory = await temporaryDirectory(t);
  let disturb: Disturb = () => undefined;
  const registry = await startRegistry({ directory, onRequest: request => disturb(request) });
  t.after(() => registry.close());
  const { host } = registry;
  return {
    host,
    registry,
    tag: (name: string) => `${host}/acme/app:${name}`,
    disturbBy: (how: Disturb) => {
      disturb = how;
    },
    moveTag(name: string, digest: string) {
      const path = join(directory, 'acme/app/_tags', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, digest);
    },
    /** Takes a blob from a repository, as a collection of garbage does. */
    collect(repository: string, digest: string) {
      rmSync(join(directory, repository, '_blobs/sha256', hexOf(digest as `sha256:${string}`)), { force: true });
    },
    collectManifest(repository: string, digest: string) {
      rmSync(join(directory, repository, '_manifests/sha256', hexOf(digest as `sha256:${string}`)));
    },
    collectAll(repository: string) {
      const blobs = join(directory, repository, '_blobs/sha256');
      for (const name of readdirSync(blobs)) rmSync(join(blobs, name));
    },
    /** The digest under a tag, all of whose image is there. */
    complete: (name: string) => completeDigest(t, `${host}/${name}`),
  };
}

async function completeDigest(t: TestContext, name: string): Promise<string> {
  const target = `dir:${await temporaryDirectory(t)}`;
  await run('skopeo', ['copy', '--all', '--quiet', '--src-tls-verify=false', `docker://${name}`, target]);
  const raw = await run('skopeo', ['inspect', '--tls-verify=false', '--format={{.Digest}}', `docker://${name}`]);
  return raw.trim();
}

const isPut = ({ method, url = '' }: IncomingMessage, path: string) => method === 'PUT' && url.includes(path);
const once = (when: (request: IncomingMessage) => boolean, body: () => void): Disturb => {
  let isDone = false;
  return request => {
    if (!isDone && when(request)) {
      isDone = true;
      body();
    }
    return undefined;
  };
};

suite('a tag that somebody else moves', () => {
  test('two runs push the same tags at a time', async t => {
    for (const version of [2, 3] as const) {
      const registry = await startDistribution({ version });
      t.after(() => registry.close());
      const names = ['1', 'latest'].map(tag => `${registry.host}/acme/app:${tag}`);
      for (let round = 0; round < 3; round++) {
        const push = (label: string) => runMode(t, { ...labelled(`${label} ${round}`), tags: names.join('\n') });
        const both = await Promise.all([push('one'), push('two')]);
        const digests = both.map(({ outputs }) => outputs.digest);
        for (const name of names) assert.ok(digests.includes(await completeDigest(t, name)), name);
      }
    }
  });

  test('while if-exists is to protect it', async t => {
    const { tag, disturbBy, moveTag, complete } = await open(t);
    const other = await runMode(t, { ...labelled('other'), tags: tag('other') });
    const theirs = other.outputs.digest ?? '';
    // The first look finds the tag free; it is taken before the second.
    const takeAfterFirstLook = (name: string) => {
      let looks = 0;
      disturbBy(({ method, url = '' }) => {
        if (method === 'GET' && url.endsWith(`/manifests/${name}`) && ++looks === 2) moveTag(name, theirs);
        return undefined;
      });
    };
    takeAfterFirstLook('1');
    const error: Texts = { ...labelled('ours'), tags: tag('1'), reuse: 'off', 'if-exists': 'error' };
    await assert.rejects(runMode(t, error), failureWith(tag('1'), 'if-exists'));
    assert.equal(await complete('acme/app:1'), theirs);

    takeAfterFirstLook('2');
    const tags = `${tag('2')}\n${tag('3')}`;
    const skipped = await runMode(t, { ...labelled('ours'), tags, reuse: 'off', 'if-exists': 'skip' });
    assert.equal(skipped.outputs.tags, tag('3'));
    assert.equal(await complete('acme/app:2'), theirs);
    assert.equal(await complete('acme/app:3'), skipped.outputs.digest);
  });

  test('after us is not put back, and one that nobody has moved is', async t => {
    const { tag, disturbBy, moveTag, complete } = await open(t);
    const tags = ['1', '2', 'latest'].map(tag).join('\n');
    const before = await runMode(t, { ...labelled('before'), tags });
    const other = await runMode(t, { ...labelled('other'), tags: tag('other') });
    disturbBy(request => {
      if (!isPut(request, '/manifests/latest')) return undefined;
      moveTag('1', other.outputs.digest ?? '');
      return { status: 403 };
    });
    await assert.rejects(runMode(t, { ...labelled('ours'), tags }), failureWith('403'));
    assert.equal(await complete('acme/app:1'), other.outputs.digest, 'theirs');
    assert.equal(await complete('acme/app:2'), before.outputs.digest, 'put back');
    assert.equal(await complete('acme/app:latest'), before.outputs.digest);
  });

  test('between our reading of its layers and our push', async t => {
    const { tag, disturbBy, moveTag, collectAll, complete } = await open(t);
    await runMode(t, { ...labelled('before'), tags: tag('1') });
    const other = await runMode(t, { ...texts, path: archive('buildImage.tar.gz'), tags: tag('other') });
    disturbBy(
      once(
        request => isPut(request, '/manifests/1'),
        () => {
          moveTag('1', other.outputs.digest ?? '');
          collectAll('acme/app');
        },
      ),
    );
    const { outputs } = await runMode(t, { ...labelled('ours'), tags: tag('1'), reuse: 'trust' });
    assert.equal(await complete('acme/app:1'), outputs.digest);
  });
});

suite('content that the registry deletes during the push is uploaded again', () => {
  const warned = (lines: readonly string[]) => lines.filter(line => line.includes('uploading everything again')).length;

  for (const reuse of ['off', 'verify', 'trust']) {
    for (const [when, path, names] of [
      ['before the manifest', '/manifests/sha256:', ['1', '2']],
      ['before the tag', '/manifests/1', ['1', '2']],
      ['before the manifest under its only tag', '/manifests/1', ['1']],
    ] as const) {
      test(`${when}, reuse: ${reuse}`, async t => {
        const { tag, disturbBy, collectAll, complete } = await open(t);
        await runMode(t, { ...labelled('before'), tags: tag('1') });
        disturbBy(
          once(
            request => isPut(request, path),
            () => collectAll('acme/app'),
          ),
        );
        const output = `oci:${join(await temporaryDirectory(t), 'layout')}`;
        const tags = names.map(tag).join('\n');
        const { outputs, lines } = await runMode(t, { ...labelled('ours'), tags, reuse, output });
        for (const name of names) assert.equal(await complete(`acme/app:${name}`), outputs.digest);
        assert.equal(warned(lines), 1);
      });
    }
  }

  test('of several images, all of which are built again', async t => {
    const { host, disturbBy, collectAll, complete } = await open(t);
    const hello = `path:${fileURLToPath(new URL('../../examples/hello', import.meta.url))}#packages.x86_64-linux`;
    const several: Texts = {
      installable: `one=${hello}.image\ntwo=${hello}.image-stream`,
      'nix-conf': 'sandbox = false\nsubstituters =',
      ...{ cache: 'false', created: '0', push: 'true', tags: `${host}/several/{{name}}:1` },
    };
    disturbBy(
      once(
        request => isPut(request, '/several/two/manifests/'),
        () => {
          collectAll('several/one');
          collectAll('several/two');
        },
      ),
    );
    const { result } = await runMode(t, several, { path: process.env.PATH });
    for (const { name, root } of result.images) assert.equal(await complete(`several/${name}:1`), root.digest);
  });

  test('of an image that is promoted into another repository', async t => {
    const { tag, host, disturbBy, collectAll, complete } = await open(t);
    const before = await runMode(t, { ...labelled('tested'), tags: tag('pr-12') });
    disturbBy(
      once(
        request => isPut(request, '/acme/release/manifests/'),
        () => collectAll('acme/release'),
      ),
    );
    const name = 'acme/release:1.0';
    const promoted = await runMode(t, { mode: 'promote', from: tag('pr-12'), tags: `${host}/${name}`, push: 'true' });
    assert.equal(await complete(name), promoted.outputs.digest);
    assert.equal(promoted.outputs['layers-digest'], before.outputs['layers-digest']);
    assert.equal(warned(promoted.lines), 1);
  });

  test('of images that become an index', async t => {
    const { tag, host, disturbBy, collectAll, complete } = await open(t);
    const { outputs } = await runMode(t, { ...labelled('one'), tags: tag('pr-12') });
    disturbBy(
      once(
        request => isPut(request, '/acme/joined/manifests/'),
        () => collectAll('acme/joined'),
      ),
    );
    const index: Texts = { mode: 'index', sources: outputs.image ?? '', tags: `${host}/acme/joined:1`, push: 'true' };
    const joined = await runMode(t, index);
    assert.equal(await complete('acme/joined:1'), joined.outputs.digest);
    assert.equal(warned(joined.lines), 1);
  });

  for (const [code, status] of [
    ['MANIFEST_BLOB_UNKNOWN', 400],
    ['MANIFEST_UNKNOWN', 404],
    ['MANIFEST_INVALID', 400],
  ] as const) {
    test(`of an index, whose image is lost: ${code}`, async t => {
      const { tag, host, disturbBy, collectManifest, complete } = await open(t);
      const { outputs } = await runMode(t, { ...labelled('one'), tags: tag('pr-12') });
      const name = 'acme/joined:1';
      const index: Texts = { mode: 'index', sources: outputs.image ?? '', tags: `${host}/${name}`, push: 'true' };
      let isLost = false;
      disturbBy(request => {
        if (isLost || !isPut(request, '/acme/joined/manifests/1')) return undefined;
        isLost = true;
        collectManifest('acme/joined', outputs.digest ?? '');
        const body = JSON.stringify({ errors: [{ code, message: 'on purpose' }] });
        return { change: answer => ({ ...answer, status: answer.status === 400 ? status : 500, body }) };
      });
      const joined = await runMode(t, index);
      assert.ok(isLost);
      assert.equal(await complete(name), joined.outputs.digest);
      assert.equal(warned(joined.lines), 1);
    });
  }

  test('an image that a registry rejects is not uploaded again', async t => {
    const { tag, disturbBy } = await open(t);
    let puts = 0;
    disturbBy(request => {
      if (!isPut(request, '/manifests/')) return undefined;
      puts += 1;
      const body = JSON.stringify({ errors: [{ code: 'MANIFEST_INVALID', message: 'on purpose' }] });
      return { status: 400, headers: { 'Content-Type': 'application/json' }, body };
    });
    await assert.rejects(runMode(t, { ...labelled('one'), tags: tag('1') }), failureWith('MANIFEST_INVALID'));
    assert.equal(puts, 1);
  });

  test('of a layout that is pushed', async t => {
    const { tag, disturbBy, collectAll, complete } = await open(t);
    const path = join(await temporaryDirectory(t), 'layout');
    await runMode(t, { ...texts, push: 'false', output: `oci:${path}` });
    disturbBy(
      once(
        request => isPut(request, '/manifests/'),
        () => collectAll('acme/app'),
      ),
    );
    const pushed = await runMode(t, { mode: 'push-layout', path, tags: tag('1'), push: 'true' });
    assert.equal(await complete('acme/app:1'), pushed.outputs.digest);
  });

  test('losing it again is an error, and no tag moves', async t => {
    const { tag, disturbBy, collect, complete } = await open(t);
    const before = await runMode(t, { ...labelled('before'), tags: tag('1') });
    const [lost = ''] = layersOf(before.image);
    disturbBy(request => {
      if (isPut(request, '/manifests/')) collect('acme/app', lost);
      return undefined;
    });
    await assert.rejects(
      runMode(t, { ...labelled('ours'), tags: tag('1') }),
      failureWith('MANIFEST_BLOB_UNKNOWN', lost),
    );
    disturbBy(() => undefined);
    const again = await runMode(t, { ...labelled('before'), tags: tag('1') });
    assert.equal(await complete('acme/app:1'), again.outputs.digest);
    assert.equal(again.outputs.digest, before.outputs.digest);
  });
});
