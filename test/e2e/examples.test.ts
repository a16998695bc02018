import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'yaml';
import { formatReference } from '../../src/oci/reference.ts';
import type { ImageResult, LayerState } from '../../src/report/result.ts';
import { runMode, type Texts } from '../stages/run-mode.ts';
import { asRoot } from '../support/as-root.ts';
import { copyNixpkgs } from '../support/debian-trees.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { nixArguments } from '../support/nix-build.ts';
import { countColours } from '../support/read-png.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { root } from './run-step.ts';

const revision = '0123456789012345678901234567890123456789';

interface ContainerOptions {
  readonly network?: string;
  readonly flags?: readonly string[];
}

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
    nixpkgs = await copyNixpkgs();
    [registry, docker] = await Promise.all([startDistribution(), startDocker()]);
  });
  after(async () => {
    await Promise.all([registry?.close(), docker?.close(), rm(nixpkgs, { recursive: true })]);
  });

  /** What the runner puts in place of expressions, and the registry of the test in place of ghcr.io. */
  function fillIn(text: string): string {
    const values: Readonly<Record<string, string>> = { 'github.run_id': '4711', 'github.actor': 'ada' };
    return text
      .replaceAll('ghcr.io', registry.host)
      .replaceAll(/\$\{\{ *(\S+) *\}\}/g, (_, name) => values[name] ?? assert.fail(name));
  }

  /** Runs the step of an example's workflow for a push to main. */
  async function runExample(t: TestContext, name: string, changes: Readonly<Record<string, string>> = {}) {
    const directory = join(await temporaryDirectory(t), name);
    await cp(join(root, 'examples', name), directory, { recursive: true });
    for (const [file, text] of Object.entries(changes)) await writeFile(join(directory, file), text);
    const lock = ['flake', 'lock', '--override-input', 'nixpkgs', `path:${nixpkgs}`];
    await run('nix', [...nixArguments, ...lock, `path:${directory}`]);
    const { jobs } = parse(await readFile(join(directory, 'workflow.yml'), 'utf8'));
    const [step] = jobs.image.steps.filter(({ uses }: { uses: string }) => uses === 'org/nix-image-action@v1');
    const given = Object.entries(step.with).map(([input, value]) => [input, fillIn(String(value))]);
    const texts: Texts = Object.fromEntries(given);
    // Nothing comes from elsewhere, and the builders are programs of this machine.
    const conf = ['sandbox = false', 'substituters =', 'build-users-group =', texts['nix-conf'] ?? ''].join('\n');
    const inputs = { ...texts, 'nix-conf': conf, cache: 'false' };
    const repositoryUrl = `https://github.com/acme/${name}`;
    const push = { ref: 'refs/heads/main', eventName: 'push', sha: revision, revision, commitTime: 1_767_225_600 };
    const context = { repositoryUrl, repositoryName: name, ...push };
    const ran = await runMode(t, inputs, { directory, path: process.env.PATH, context });
    assert.deepEqual(
      ran.result.images.flatMap(({ findings }) => findings),
      [],
    );
    return { ...ran, directory };
  }

  const imageOf = (repository: string) => `${registry.host}/acme/${repository}:main`;

  /** A container with a network of its own; what runs in it listens on a loopback that nobody else has. */
  async function startContainer(
    t: TestContext,
    image: string,
    { network = 'none', flags = [] }: ContainerOptions = {},
  ) {
    const id = (await docker.run('run', '--detach', `--network=${network}`, ...flags, image)).trim();
    t.after(() => docker.run('rm', '--force', id));
    const facts = await docker.run('inspect', '--format', '[{{.State.Pid}}, {{json .Config.Labels}}]', id);
    const [pid, labels] = JSON.parse(facts) as [number, Readonly<Record<string, string>>];
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
    return { id, labels, ask, runInside };
  }

  test('flask: a package without image code serves pages, under the labels of the workflow', async t => {
    const { outputs } = await runExample(t, 'flask');
    assert.deepEqual(outputs.tags?.split('\n'), [imageOf('guestbook'), `${registry.host}/acme/guestbook:sha-0123456`]);
    const { ask, labels } = await startContainer(t, imageOf('guestbook'));
    assert.match(await ask('http://127.0.0.1:8080/'), /<h1>Guest book<\/h1>\n<ul><\/ul>/);
    const signed = await ask('--location', '--data', 'entry=<Ada>', 'http://127.0.0.1:8080/');
    assert.match(signed, /<ul><li>&lt;Ada&gt;<\/li><\/ul>/);
    assert.equal(labels['org.opencontainers.image.revision'], revision);
    assert.equal(labels['org.opencontainers.image.source'], 'https://github.com/acme/flask');
    assert.equal(labels['org.opencontainers.image.version'], 'main');
    assert.equal(labels['org.opencontainers.image.description'], 'A guest book');
    assert.equal(labels['org.opencontainers.image.licenses'], 'MIT');
  });

  test('blog: a page as a reader sees it; a new page uploads the pages alone', async t => {
    await runExample(t, 'blog');
    const { ask, labels, runInside } = await startContainer(t, imageOf('blog'));
    assert.equal(labels['org.opencontainers.image.title'], 'Blog');
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
    const web = await startContainer(t, imageOf('shop-web'));
    const proxy = await startContainer(t, imageOf('shop-proxy'), { network: `container:${web.id}` });
    assert.equal(await proxy.ask('http://127.0.0.1:8080/a?b'), 'Hello 127.0.0.1, this is /a?b\n');
    const titles = [web, proxy].map(({ labels }) => labels['org.opencontainers.image.title']);
    assert.deepEqual(titles, ['shop web', 'shop proxy']);
  });

  test('rust-service: certificates, and labels that only the run knows', async t => {
    await runExample(t, 'rust-service');
    const { ask, labels } = await startContainer(t, imageOf('service'));
    assert.match(await ask('http://127.0.0.1:8080/'), /^Hello from Rust, which knows [1-9][0-9]* authorities\n$/);
    assert.equal(labels['org.example.run'], '4711');
    assert.equal(labels['org.example.started-by'], 'ada');
    assert.equal(labels['org.opencontainers.image.vendor'], 'Acme');
    assert.equal(labels['org.opencontainers.image.revision'], revision);

    const workflow = await readFile(join(root, 'examples/rust-service/workflow.yml'), 'utf8');
    const changed = await runExample(t, 'rust-service', { 'workflow.yml': workflow.replace('=Acme', '=Another') });
    assert.equal(changed.image.platforms[0]?.labels['org.opencontainers.image.vendor'], 'Another');
    assert.equal(changed.result.work?.built, 0);
    assert.deepEqual(namesOf(changed.image, 'uploaded'), []);
  });

  test('host-store: the image is empty, and its program is in the store of the machine', async t => {
    const { image, directory } = await runExample(t, 'host-store');
    assert.ok(image.uploadedBytes < 2_000, `${image.uploadedBytes} bytes`);
    const link = join(directory, 'server');
    const build = ['build', ...nixArguments, '--option', 'build-users-group', '', '--out-link', link];
    await run('nix', [...build, `path:${directory}#server`]);
    const { ask } = await startContainer(t, imageOf('server'), { flags: ['--volume=/nix/store:/nix/store:ro'] });
    assert.match(await ask('http://127.0.0.1:8080/'), /From the store of the machine\./);
  });

  test('nix-in-docker: Nix knows the paths of its image, and builds with them', async t => {
    await runExample(t, 'nix-in-docker');
    const script = `
      nix-store --verify --check-contents
      nix-store --query --requisites /bin/nix /bin/ls
      path=$(nix-build --no-out-link --expr 'derivation {
        name = "built";
        system = builtins.currentSystem;
        builder = "/bin/sh";
        args = [ "-c" "echo built by Nix in Docker > $out" ];
      }')
      cat "$path"`;
    const output = await docker.run('run', '--rm', '--network=none', imageOf('nix'), 'sh', '-euc', script);
    assert.match(output, /^\/nix\/store\/[a-z0-9]{32}-glibc-[0-9.]+$/m);
    assert.match(output, /\nbuilt by Nix in Docker\n$/);
  });

  test('multi-platform: an image for each platform, each with a program for it', async t => {
    const { image } = await runExample(t, 'multi-platform');
    assert.deepEqual(
      image.platforms.map(({ platform }) => platform),
      ['linux/amd64', 'linux/arm64'],
    );
    assert.equal(await docker.run('run', '--rm', '--network=none', imageOf('hello')), 'Hello from Nix\n');
    // The check, which found nothing, knows programs for another architecture.
  });
});
