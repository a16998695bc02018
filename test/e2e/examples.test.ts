import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'yaml';
import { formatReference } from '../../src/oci/reference.ts';
import type { ImageResult, LayerState } from '../../src/report/result.ts';
import { type Ran, runMode, type Texts } from '../stages/run-mode.ts';
import { asRoot } from '../support/as-root.ts';
import { readDebianTrees } from '../support/debian-trees.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { countColours } from '../support/read-png.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { root } from './run-step.ts';

const revision = '0123456789012345678901234567890123456789';

/** Runs a program as root; returns its standard output. */
function runAsRoot(...command: readonly string[]): Promise<string> {
  const [program = '', ...args] = asRoot(command);
  return run(program, args, { env: process.env });
}

/** The store paths of each layer in this state, by name. */
function namesOf(image: ImageResult | undefined, wanted: LayerState): string[][] {
  const layers = image?.platforms.flatMap(platform => platform.layers) ?? [];
  const paths = layers.filter(({ state }) => state === wanted).map(({ contents }) => contents?.paths ?? []);
  return paths.map(ofLayer => ofLayer.map(({ path }) => path.replace(/^.*\/[a-z0-9]{32}-/, '')));
}

/** Each example is built by its own workflow against test/nixpkgs, pushed, and runs as a container that is asked. */
suite('the examples', () => {
  let registry: Distribution;
  let docker: Docker;
  let nixpkgs: string;
  before(async () => {
    nixpkgs = await mkdtemp(join(tmpdir(), 'nixpkgs-'));
    await cp(join(root, 'test/nixpkgs'), nixpkgs, { recursive: true });
    await writeFile(join(nixpkgs, 'debian-trees.json'), JSON.stringify(await readDebianTrees()));
    [registry, docker] = await Promise.all([startDistribution(), startDocker()]);
  });
  after(async () => {
    await Promise.all([registry?.close(), docker?.close(), rm(nixpkgs, { recursive: true })]);
  });

  /** Runs the step of an example's workflow for a push to main, with the registry of the test in place of ghcr.io. */
  async function runExample(
    t: TestContext,
    name: string,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    const directory = join(await temporaryDirectory(t), name);
    await cp(join(root, 'examples', name), directory, { recursive: true });
    for (const [file, text] of Object.entries(changes)) await writeFile(join(directory, file), text);
    const flags = ['--extra-experimental-features', 'nix-command flakes', '--override-input', 'nixpkgs'];
    await run('nix', ['flake', 'lock', ...flags, `path:${nixpkgs}`, `path:${directory}`]);
    const { jobs } = parse(await readFile(join(directory, 'workflow.yml'), 'utf8'));
    const [step] = jobs.image.steps.filter(({ uses }: { uses: string }) => uses === 'org/nix-image-action@v1');
    const texts: Texts = {
      ...Object.fromEntries(
        Object.entries(step.with).map(([input, value]) => [input, String(value).replaceAll('ghcr.io', registry.host)]),
      ),
      // Nothing from elsewhere: the builders are programs of this machine.
      'nix-conf': 'sandbox = false\nsubstituters =\nbuild-users-group =',
      cache: 'false',
    };
    const repositoryUrl = `https://github.com/acme/${name}`;
    const push = { ref: 'refs/heads/main', eventName: 'push', sha: revision, revision, commitTime: 1_767_225_600 };
    const context = { repositoryUrl, repositoryName: name, ...push };
    const ran = await runMode(t, texts, { directory, path: process.env.PATH, context });
    assert.deepEqual(
      ran.lines.filter(line => line.startsWith('warning: ')),
      [],
    );
    return ran;
  }

  const imageOf = (repository: string) => `${registry.host}/acme/${repository}:main`;

  async function labelsOf(image: string): Promise<Readonly<Record<string, string>>> {
    return JSON.parse(await docker.run('inspect', '--format', '{{json .Config.Labels}}', image));
  }

  /** A container with a network of its own; what runs in it listens on a loopback that nobody else has. */
  async function startContainer(t: TestContext, image: string, network = '--network=none') {
    const id = (await docker.run('run', '--detach', network, image)).trim();
    t.after(() => docker.run('rm', '--force', id));
    const pid = (await docker.run('inspect', '--format', '{{.State.Pid}}', id)).trim();
    const runInside = (...command: readonly string[]) => runAsRoot('nsenter', `--target=${pid}`, '--net', ...command);
    /** What curl prints for these arguments, once the server listens. */
    const ask = async (...args: readonly string[]): Promise<string> => {
      for (let left = 100; ; left--) {
        try {
          return await runInside('curl', '--silent', '--show-error', '--fail', ...args);
        } catch (cause) {
          if (left === 0) throw new Error(await docker.run('logs', id), { cause });
          await setTimeout(100);
        }
      }
    };
    return { id, ask, runInside };
  }

  test('flask: a package without image code serves pages, under the labels of the workflow', async t => {
    const { outputs } = await runExample(t, 'flask');
    assert.deepEqual(outputs.tags?.split('\n'), [imageOf('guestbook'), `${registry.host}/acme/guestbook:sha-0123456`]);
    const image = imageOf('guestbook');
    const { ask } = await startContainer(t, image);
    assert.match(await ask('http://127.0.0.1:8080/'), /<h1>Guest book<\/h1>\n<ul><\/ul>/);
    const signed = await ask('--location', '--data', 'entry=<Ada>', 'http://127.0.0.1:8080/');
    assert.match(signed, /<ul><li>&lt;Ada&gt;<\/li><\/ul>/);
    const labels = await labelsOf(image);
    assert.equal(labels['org.opencontainers.image.revision'], revision);
    assert.equal(labels['org.opencontainers.image.source'], 'https://github.com/acme/flask');
    assert.equal(labels['org.opencontainers.image.version'], 'main');
    assert.equal(labels['org.opencontainers.image.description'], 'A guest book');
    assert.equal(labels['org.opencontainers.image.licenses'], 'MIT');
  });

  test('blog: a page as a reader sees it; a new page uploads the pages alone', async t => {
    await runExample(t, 'blog');
    const image = imageOf('blog');
    await docker.run('pull', '--quiet', image);
    assert.equal((await labelsOf(image))['org.opencontainers.image.title'], 'Blog');
    const { ask, runInside } = await startContainer(t, image);
    const page = await readFile(join(root, 'examples/blog/pages/index.html'), 'utf8');
    assert.equal(await ask('http://127.0.0.1:8080/'), page);

    const screenshot = join(await temporaryDirectory(t), 'page.png');
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--window-size=800,600',
      `--screenshot=${screenshot}`,
    ];
    await runInside('chromium', ...flags, 'http://127.0.0.1:8080/');
    const colours = countColours(await readFile(screenshot));
    const of = (colour: string) => colours.get(colour) ?? 0;
    assert.ok(of('#fffaf0') > 300_000, 'most of the page is its background');
    assert.ok(of('#7ebae4') > 1_000, 'the line below the heading');
    assert.ok(of('#000000') > 100, 'text');

    const changed = await runExample(t, 'blog', {
      'pages/new.html': '<!doctype html>\n<title>New</title>\n<p>News.</p>\n',
    });
    assert.deepEqual(namesOf(changed.image, 'uploaded'), [['pages']]);
  });

  test('nginx and apache: each serves its pages as its user; the layer of their base is sent once', async t => {
    const base = await Promise.all(
      ['nginx', 'apache'].map(name => readFile(join(root, 'examples', name, 'base.nix'), 'utf8')),
    );
    assert.equal(base[0], base[1]);
    const states: Record<string, unknown> = {};
    for (const [name, server] of [
      ['nginx', /^Server: nginx/m],
      ['apache', /^Server: Apache/m],
    ] as const) {
      const { image } = await runExample(t, name);
      states[name] = image.platforms.map(({ layers }) => layers.map(({ state }) => state));
      const { id, ask } = await startContainer(t, imageOf(name));
      const answer = await ask('--include', 'http://127.0.0.1:8080/');
      assert.match(answer, server);
      assert.match(answer, /^Content-Type: text\/html/m);
      assert.ok(answer.endsWith(await readFile(join(root, 'examples', name, 'pages/index.html'), 'utf8')));
      assert.match(await docker.run('top', id, '-o', 'pid,uid'), /^ *PID +UID\n(?: *\d+ +1000\n?)+$/);
    }
    assert.deepEqual(states, { nginx: [['uploaded', 'uploaded']], apache: [['mounted', 'uploaded']] });
    const difference = await run(process.execPath, [
      join(root, 'src/cli.ts'),
      'diff',
      imageOf('nginx'),
      imageOf('apache'),
    ]);
    assert.match(difference, /^new layers \(1 of 2\)$/m);
    assert.doesNotMatch(difference, /openssl/);
  });

  test('webapp-behind-nginx: two images of one step, each with its own tags, work together', async t => {
    const { result } = await runExample(t, 'webapp-behind-nginx');
    const tags = result.images.map(({ references }) => references.map(formatReference));
    assert.deepEqual(tags, [[imageOf('shop-web')], [imageOf('shop-proxy')]]);
    assert.ok(
      namesOf(result.images[1], 'mounted')
        .flat()
        .some(name => name.startsWith('openssl-')),
    );
    const { id, ask } = await startContainer(t, imageOf('shop-web'));
    await startContainer(t, imageOf('shop-proxy'), `--network=container:${id}`);
    assert.equal(await ask('http://127.0.0.1:8080/a?b'), 'Hello 127.0.0.1, this is /a?b\n');
    for (const name of ['web', 'proxy']) {
      const labels = await labelsOf(imageOf(`shop-${name}`));
      assert.equal(labels['org.opencontainers.image.title'], `shop ${name}`);
    }
  });
});
