import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Distribution, distributionLogin, startDistribution } from '../support/distribution.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { run } from '../support/run.ts';
import { root, runStep } from './run-step.ts';

/** The example's builders are the host's own tools. */
const settings = { 'nix-conf': 'sandbox = false\nsubstituters =' };
const installableOf = (attribute: string) => `path:${root}examples/hello#${attribute}`;
const login = { username: distributionLogin.user, password: distributionLogin.password };
const digestPattern = /^sha256:[0-9a-f]{64}$/;

describe('the step, as the runner starts it', () => {
  let open: Distribution;
  let closed: Distribution;
  let docker: Docker;
  let directory: string;
  before(async () => {
    [open, closed, docker] = await Promise.all([
      startDistribution(),
      startDistribution({ login: true }),
      startDocker(),
    ]);
    directory = await mkdtemp(join(tmpdir(), 'e2e-'));
  });
  after(async () => {
    await Promise.all([open?.close(), closed?.close(), docker?.close()]);
    await rm(directory, { recursive: true, force: true });
  });

  const inspect = async (reference: string, ...args: string[]) =>
    JSON.parse(await run('skopeo', ['inspect', '--tls-verify=false', ...args, `docker://${reference}`]));
  const tagsOf = async (host: string, repository: string) => {
    const response = await fetch(`http://${host}/v2/${repository}/tags/list`);
    return response.status === 404 ? [] : ((await response.json()) as { tags: string[] }).tags.sort();
  };

  for (const attribute of ['image', 'image-plain', 'image-zstd', 'image-stream']) {
    test(`${attribute}: built, labelled, pushed, read by skopeo, pulled and run by docker`, async () => {
      const reference = `${open.host}/hello/${attribute}:1.2`;
      const inputs = {
        ...settings,
        installable: installableOf(attribute),
        tags: reference,
        labels: 'org.example.channel=stable\norg.opencontainers.image.title=Hello, "world"=1\n!org.example.built-by',
        annotations: 'org.example.note=an annotation',
        push: 'true',
      };
      const first = await runStep({ inputs });
      assert.equal(first.code, 0, first.log);
      const { outputs } = first;
      assert.match(outputs.digest ?? '', digestPattern);
      assert.equal(outputs.image, `${open.host}/hello/${attribute}@${outputs.digest}`);
      assert.equal(outputs.tags, reference);
      assert.equal(outputs.layers, '2');
      assert.ok(Number(outputs['uploaded-bytes']) > Number(outputs.size));
      assert.match(outputs['nix-version'] ?? '', /^\d+\.\d+/);

      const seen = await inspect(reference);
      assert.equal(seen.Digest, outputs.digest);
      assert.equal(seen.Created, '2023-11-14T22:13:20Z');
      assert.deepEqual(seen.Labels, {
        'org.opencontainers.image.title': 'Hello, "world"=1',
        'org.opencontainers.image.description': 'An app that says hello',
        'org.opencontainers.image.url': 'https://github.com/acme/app',
        'org.opencontainers.image.source': 'https://github.com/acme/app',
        'org.opencontainers.image.version': '1.2',
        'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
        'org.opencontainers.image.revision': '0123456789012345678901234567890123456789',
        'org.opencontainers.image.licenses': 'MIT',
        'org.example.channel': 'stable',
      });
      const manifest = await inspect(reference, '--raw');
      assert.deepEqual(manifest.annotations, { ...seen.Labels, 'org.example.note': 'an annotation' });
      assert.equal(manifest.config.digest, outputs.imageid);

      await docker.run('pull', reference);
      assert.equal(await docker.run('run', '--rm', '--network=none', reference), 'Hello from Nix\n');

      const second = await runStep({ inputs });
      assert.equal(second.code, 0, second.log);
      assert.equal(second.outputs['uploaded-bytes'], '0');
      assert.equal(second.outputs.digest, outputs.digest);
      assert.match(second.summary, /already there/);
    });
  }

  test('all shapes of one image have one digest, with push and without', async () => {
    const digests = new Set<string | undefined>();
    for (const attribute of ['image', 'image-plain', 'image-zstd', 'image-stream']) {
      const inputs = { ...settings, installable: installableOf(attribute), tags: `${open.host}/same/app:1` };
      digests.add((await runStep({ inputs })).outputs.digest);
    }
    assert.deepEqual(await tagsOf(open.host, 'same/app'), []);
    const inputs = { ...settings, installable: installableOf('image'), tags: `${open.host}/same/app:1`, push: 'true' };
    digests.add((await runStep({ inputs })).outputs.digest);
    assert.equal(digests.size, 1);
    assert.match([...digests][0] ?? '', digestPattern);
  });

  test('a file and an attribute, several registries, groups, summary, outputs and the post part', async () => {
    const tags = `# both registries\n${open.host}/both/app:a,${open.host}/both/app:b\n${closed.host}/both/app:a`;
    const inputs = { ...settings, ...login, file: 'test/fixtures/file/default.nix', attr: 'image', tags, push: 'true' };
    const { code, log, outputs, state, summary } = await runStep({ inputs });
    assert.equal(code, 0, log);
    assert.deepEqual(await tagsOf(open.host, 'both/app'), ['a', 'b']);
    const seen = await inspect(`${closed.host}/both/app:a`, `--creds=${login.username}:${login.password}`);
    assert.equal(seen.Digest, outputs.digest);
    assert.deepEqual(
      [...log.matchAll(/^::group::(.*)$/gm)].map(([, name]) => name),
      ['Metadata', 'Toolchain', 'Build', 'Image', 'Push'],
    );
    for (const part of [outputs.digest, `${open.host}/both/app:a`, 'org.opencontainers.image.revision', 'uploaded']) {
      assert.ok(summary.includes(part ?? ''), `${part} in the summary`);
    }
    const metadata = JSON.parse(outputs.metadata ?? '');
    assert.equal(metadata['containerimage.digest'], outputs.digest);
    assert.equal(metadata['containerimage.config.digest'], outputs.imageid);
    assert.equal(metadata['image.name'], outputs.tags?.replaceAll('\n', ','));
    const unmasked = log.replaceAll(/^::add-mask::.*$/gm, '');
    for (const secret of [
      'ghs_secretOfTheWorkflow',
      Buffer.from(`${login.username}:${login.password}`).toString('base64'),
    ]) {
      assert.ok(!unmasked.includes(secret), 'no secret in the log');
    }
    const post = await run(process.execPath, [`${root}dist/post.mjs`], {
      env: { STATE_temporary: state.temporary, RUNNER_TEMP: dirname(state.temporary ?? '') },
    });
    assert.equal(post, '');
  });

  test('an image that is built already needs no Nix', async () => {
    await run('nix', [
      'build',
      ...['--extra-experimental-features', 'nix-command flakes', '--option', 'sandbox', 'false'],
      ...['--out-link', join(directory, 'result'), installableOf('image')],
    ]);
    const inputs = { path: join(directory, 'result'), tags: `${open.host}/path/app:1`, push: 'true' };
    const { code, log, outputs } = await runStep({ inputs, env: { PATH: '/nonexistent' } });
    assert.equal(code, 0, log);
    assert.equal(outputs['nix-version'], '');
    assert.deepEqual(await tagsOf(open.host, 'path/app'), ['1']);
  });

  test('a package becomes an image that runs, with another package on it', async () => {
    const reference = `${open.host}/package/hello:1`;
    const inputs = {
      ...settings,
      installable: installableOf('hello'),
      contents: installableOf('hello'),
      user: '1000:1000',
      config: '{"Env":["LOG=json"]}',
      tags: reference,
      push: 'true',
    };
    const { code, log, outputs } = await runStep({ inputs });
    assert.equal(code, 0, log);
    await docker.run('pull', reference);
    assert.equal(await docker.run('run', '--rm', '--network=none', reference), 'Hello from Nix\n');
    const based = { ...inputs, tags: `${open.host}/package/on-base:1`, base: reference, contents: '', user: '' };
    const second = await runStep({ inputs: based });
    assert.equal(second.code, 0, second.log);
    await docker.run('pull', based.tags);
    assert.equal(await docker.run('run', '--rm', '--network=none', based.tags), 'Hello from Nix\n');
    const again = await runStep({ inputs });
    assert.equal(again.outputs.digest, outputs.digest);
    assert.equal(again.outputs['uploaded-bytes'], '0');
  });

  test('streamLayeredImage and buildLayeredImage: from settings alone, by script, by tarball: the same image', async () => {
    const ways: { attribute: string; inputs: Record<string, string>; says: RegExp }[] = [
      { attribute: 'stream', inputs: {}, says: /hello-conf\.json: streamLayeredImage, read from its settings/ },
      { attribute: 'stream', inputs: { native: 'off' }, says: /docker-archive \(written by its script\)/ },
      { attribute: 'layered', inputs: {}, says: /hello-conf\.json: streamLayeredImage, read from its settings/ },
      { attribute: 'layered', inputs: { 'prefer-stream': 'false' }, says: /docker-archive \(gzip\)/ },
    ];
    const images = new Set<string | undefined>();
    for (const [i, { attribute, inputs, says }] of ways.entries()) {
      const { code, log, outputs } = await runStep({
        inputs: {
          ...settings,
          ...inputs,
          installable: `path:${root}test/fixtures/dockertools#${attribute}`,
          tags: `${open.host}/dockertools/hello:${i}`,
          labels: '!org.opencontainers.image.version',
          push: 'true',
        },
      });
      assert.equal(code, 0, log);
      assert.match(log, says);
      images.add(outputs.imageid);
    }
    assert.equal(images.size, 1);
    await docker.run('pull', `${open.host}/dockertools/hello:0`);
    const program = ['run', '--rm', '--network=none', `${open.host}/dockertools/hello:0`];
    assert.equal(await docker.run(...program), 'Hello from Nix\n');
  });

  test("nix2container's image.json, made and run", async () => {
    const reference = `${open.host}/nix2container/app:1`;
    const inputs = {
      ...settings,
      file: 'test/fixtures/nix2container/default.nix',
      attr: 'image',
      tags: reference,
      push: 'true',
    };
    const { code, log } = await runStep({ inputs });
    assert.equal(code, 0, log);
    await docker.run('pull', reference);
    assert.equal(await docker.run('run', '--rm', '--network=none', reference), 'Hello from Nix\n');
  });

  test('what we wrote as a layout or an archive is an image again, with the same config and layers', async () => {
    const build = { ...settings, installable: installableOf('image'), labels: 'a=b' };
    const layersOf = (metadata?: string) =>
      JSON.parse(metadata ?? '')['nix-image.layers'].map(({ digest }: { digest: string }) => digest);
    for (const kind of ['oci', 'oci-archive', 'docker-archive']) {
      const path = join(directory, `again-${kind}`);
      const written = await runStep({ inputs: { ...build, output: `${kind}:${path}` } });
      const { code, log, outputs } = await runStep({ inputs: { path, labels: 'a=b' } });
      assert.equal(code, 0, log);
      assert.equal(outputs.imageid, written.outputs.imageid);
      assert.deepEqual(layersOf(outputs.metadata), layersOf(written.outputs.metadata));
    }
  });

  test('load and output give the image of the digest that a push would give', async () => {
    const layout = join(directory, 'layout');
    const tags = 'registry.example.org/loaded/app:1';
    const inputs = {
      ...settings,
      installable: installableOf('image-stream'),
      tags,
      load: 'true',
      output: `oci:${layout}`,
    };
    const { code, log, outputs } = await runStep({ inputs, env: { DOCKER_HOST: `unix://${docker.socket}` } });
    assert.equal(code, 0, log);
    assert.equal(await docker.run('run', '--rm', '--network=none', tags), 'Hello from Nix\n');
    assert.equal((await docker.run('image', 'inspect', '--format={{.Id}}', tags)).trim(), outputs.imageid);
    const seen = JSON.parse(await run('skopeo', ['inspect', `oci:${layout}:1`]));
    assert.equal(seen.Digest, outputs.digest);
    assert.deepEqual((await readdir(layout)).sort(), ['blobs', 'index.json', 'oci-layout']);
  });

  test('a build that fails has its log in a file and its end in the summary', async () => {
    const inputs = { ...settings, installable: `path:${root}test/fixtures/failing#failing` };
    const { code, outputs, summary } = await runStep({ inputs });
    assert.equal(code, 1);
    assert.match(outputs['build-log'] ?? '', /\/failing\.log$/);
    assert.match(summary, /^## Step failed\n\n```text\nCannot build .*\n {2}line 16\n(?: {2}line \d+\n)+ {2}line 40\n/);
    assert.match(summary, /\nThe whole log of `failing` is in the output `build-log`\.\n/);
  });

  test('an error of the evaluation is annotated at its line', async () => {
    await writeFile(join(directory, 'image.nix'), '{\n  image = (import ./lib.nix).image;\n}\n');
    await writeFile(join(directory, 'lib.nix'), '{\n\n  image = assert 1 == 2; null;\n}\n');
    const inputs = { ...settings, installable: '', file: 'image.nix', attr: 'image' };
    const { code, log, summary } = await runStep({ inputs, directory });
    assert.equal(code, 1);
    assert.match(log, /^::error file=lib\.nix,line=3::Cannot build image of image\.nix: /m);
    assert.match(summary, /\nThe cause is at `lib\.nix:3`\.\n/);
  });

  describe('bad input: one clear message, exit 1, no tag', () => {
    const good = () => ({
      ...settings,
      installable: installableOf('image'),
      tags: `${open.host}/bad/app:1`,
      push: 'true',
    });
    const cases: Record<string, { inputs: () => Record<string, string>; says: RegExp }> = {
      'unknown input': { inputs: () => ({ tag: 'x' }), says: /Cannot use the input "tag": unknown\. Known are .*tags/ },
      'contradictory inputs': { inputs: () => ({ path: 'result' }), says: /installable and path together/ },
      'push without tags': { inputs: () => ({ tags: '' }), says: /Cannot push: tags is empty/ },
      'bad flag': { inputs: () => ({ push: 'yes' }), says: /Cannot use push: "yes"\. Give true or false/ },
      'tag that is no reference': {
        inputs: () => ({ tags: 'ghcr.io/acme/app:a b' }),
        says: /Cannot use the tag "ghcr\.io\/acme\/app:a b"/,
      },
      'upper-case repository': {
        inputs: () => ({ tags: 'ghcr.io/Acme/app:1' }),
        says: /lower-case; write "ghcr\.io\/acme\/app:1"/,
      },
      'label without =': {
        inputs: () => ({ labels: 'a=b\nversion' }),
        says: /Cannot use the label line "version": write key=value/,
      },
      'missing attribute': {
        inputs: () => ({ installable: installableOf('nothing') }),
        says: /Cannot build .*#nothing: .*does not provide attribute/s,
      },
      'failing build': {
        inputs: () => ({ installable: `path:${root}test/fixtures/failing#failing` }),
        says: /builder of .* \(\/nix\/store\/.*\.drv\) failed with exit code 3.*line 40/s,
      },
      'not an image': {
        inputs: () => ({ installable: '', path: 'README.md' }),
        says: /Cannot use .*README\.md as an image: it is an unknown kind of file .*Supported are/,
      },
      'image of another platform': {
        inputs: () => ({ platform: 'linux/s390x' }),
        says: /Cannot use the image .* for linux\/s390x: it is for linux\/(amd64|arm64)/,
      },
      'settings of a package for an image': {
        inputs: () => ({ user: 'nobody', 'max-layers': '20' }),
        says: /Cannot use user, max-layers: these inputs apply to packages, but Nix built an image \(docker-archive \(gzip\)\)/,
      },
      'wrong password': {
        inputs: () => ({ tags: `${closed.host}/bad/app:1`, username: 'user', password: 'wr0ng-passw0rd' }),
        says: /Cannot push to 127.*was 401 UNAUTHORIZED.*Check username and password/,
      },
      'no login': { inputs: () => ({ tags: `${closed.host}/bad/app:1` }), says: /was 401 UNAUTHORIZED.*Log in/ },
    };
    for (const [name, { inputs, says }] of Object.entries(cases)) {
      test(name, async () => {
        const { code, log } = await runStep({ inputs: { ...good(), ...inputs() } });
        assert.equal(code, 1, log);
        const errors = [...log.matchAll(/^::error::(.*)$/gm)].map(([, text]) => decodeURIComponent(text ?? ''));
        assert.equal(errors.length, 1, log);
        assert.match(errors[0] ?? '', says);
        assert.doesNotMatch(log, /\n {4}at /, 'no stack trace');
        assert.ok(!log.replaceAll(/^::add-mask::.*$/gm, '').includes('wr0ng-passw0rd'));
        assert.deepEqual(await tagsOf(open.host, 'bad/app'), []);
      });
    }
  });
});
