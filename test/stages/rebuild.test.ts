import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadVerify } from '../../src/commands/load-verify.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { messageOf } from '../../src/lib/failure.ts';
import type { Json } from '../../src/lib/json-object.ts';
import { build } from '../../src/nix/build.ts';
import { rebuild } from '../../src/nix/rebuild.ts';
import { configOf } from '../../src/oci/config.ts';
import type { Image } from '../../src/oci/image.ts';
import type { VerifyResult } from '../../src/report/result.ts';
import { actions } from '../../src/run.ts';
import type { WorkflowContext } from '../../src/runtime.ts';
import type { LabelledImage } from '../../src/stages/open/label-image.ts';
import type { ReadyImage } from '../../src/stages/publish/publication.ts';
import { checkOut } from '../../src/stages/rebuild/check-out.ts';
import { comparePackedAgain } from '../../src/stages/rebuild/pack-again.ts';
import { writeTar } from '../../src/tar/write-tar.ts';
import { inputsOf, openFixtureNix } from '../nix/dockertools.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { failureWith } from '../support/failure.ts';
import { makeKeyPair } from '../support/key-pair.ts';
import { openNixVersions } from '../support/nix-versions.ts';
import { pack } from '../support/pack.ts';
import { run } from '../support/run.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeProgram } from '../support/write-program.ts';
import { runMode, type Surroundings, type Texts } from './run-mode.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const installable = (name: string) => `path:${fixture('rebuild')}#${name}`;

let registry: Distribution;
before(async () => {
  registry = await startDistribution({ version: 3 });
});
after(() => registry.close());

const { secretPem, publicPem } = makeKeyPair();
const workflow = {
  server: 'https://github.com',
  repository: 'acme/app',
  repositoryId: '1',
  ownerId: '2',
  path: '.github/workflows/build.yml',
  ref: 'refs/heads/main',
  invocation: 'https://github.com/acme/app/actions/runs/1/attempts/1',
  runnerEnvironment: 'github-hosted',
} as const;

const asWorkflow: WorkflowContext = { workflow, eventName: 'push', ref: 'refs/heads/main' };

/** Builds, checks and pushes. */
async function check(t: TestContext, name: string, texts: Texts, surroundings: Surroundings = { context: asWorkflow }) {
  const given = {
    mode: 'build',
    tags: `${registry.host}/acme/${name}:1`,
    push: 'true',
    cache: 'false',
    created: '0',
    check: 'off',
    'check-reproducible': 'true',
    'nix-conf': 'sandbox = false\nsubstituters =\nbuild-users-group =',
    ...texts,
  };
  // Nix keeps the directories of builds that differ.
  const env = { TMPDIR: await temporaryDirectory(t) };
  return runMode(t, given, { path: process.env.PATH, env, ...surroundings });
}

async function hasTag(name: string): Promise<boolean> {
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  return (await fetch(`http://${registry.host}/v2/acme/${name}/manifests/1`, { headers: { accept } })).ok;
}

async function runVerify(t: TestContext, texts: Texts): Promise<VerifyResult> {
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, '/');
  t.after(() => runtime.close());
  return actions.verify(
    parseImages(input => texts[input] ?? ''),
    runtime,
  );
}

/** The fields of the provenance that describe the run. */
async function readMetadata(t: TestContext, name: string): Promise<Json> {
  const texts: Texts = {
    mode: 'verify',
    image: `${registry.host}/acme/${name}:1`,
    'require-key': publicPem,
    require: 'signature,provenance',
  };
  const { provenance } = await runVerify(t, texts);
  return (provenance as { runDetails: { metadata: Json } }).runDetails.metadata;
}

test('a package that builds the same twice is pushed, and its provenance names the derivations', async t => {
  const { lines } = await check(t, 'same', {
    installable: installable('reproducible'),
    'signing-key': secretPem,
    provenance: 'true',
  });
  assert.ok(await hasTag('same'));
  assert.ok(lines.includes('info: Built 2 derivations again, with the same files.'), lines.join('\n'));
  assert.deepEqual(
    lines.filter(line => line.startsWith('warning: ')),
    [],
  );
  const { nixImage_rebuiltDerivations: derivations } = await readMetadata(t, 'same');
  assert.deepEqual((derivations as string[]).map(path => path.slice('/nix/store/'.length + 33)).sort(), [
    'reproducible-1.0.drv',
    'same-1.0.drv',
  ]);
});

test('the file that differs is named with the first different byte, and no tag moves', async t => {
  await assert.rejects(check(t, 'random', { installable: installable('random') }), (error: Error) => {
    const [first, second = '', ...files] = error.message.split('\n');
    assert.equal(first, 'The image is not reproducible: built again, its files differ. No tag was moved.');
    const [path = '', again] = second.slice(0, -1).split(', the second time in ');
    assert.match(path, /^\/nix\/store\/[0-9a-z]{32}-random-1\.0$/);
    assert.equal(again, `${path}.check`);
    t.after(() => run('rm', ['-rf', `${again}`]));
    const kinds = files.map(line => line.replace(/[0-9a-f]{16}/, 'RANDOM')).sort();
    assert.deepEqual(kinds.slice(0, 2), [
      '  share/RANDOM: 0 bytes, only the first time',
      '  share/RANDOM: 0 bytes, only the second time',
    ]);
    assert.match(kinds[2] ?? '', /^ {2}share\/numbers: 108 bytes, differs from byte 10[0-7]$/);
    return true;
  });
  assert.ok(!(await hasTag('random')));
});

test('every version of Nix, and a daemon, tells which outputs differ', async t => {
  const { nix, runtime } = await openFixtureNix();
  t.after(() => runtime.close());
  const targets = ['reproducible', 'random'].map(
    name => ({ kind: 'installable', installable: installable(name) }) as const,
  );
  const [same, random] = await Promise.all(targets.map(target => build(nix, inputsOf(target), runtime)));
  // Nix keeps the directories of builds that differ; 2.34 looks for the setting, others for the variable.
  const TMPDIR = await temporaryDirectory(t);
  const env = { ...nix.env, TMPDIR, NIX_CONFIG: `${nix.env.NIX_CONFIG}\nsandbox = false\nbuild-dir = ${TMPDIR}` };
  const uses = (await openNixVersions()).map(program => ({ ...nix, program, env }));
  // The exit code of a client tells less.
  const socket = `${await temporaryDirectory(t)}/socket`;
  const throughDaemon = { ...env, NIX_DAEMON_SOCKET_PATH: socket };
  const daemon = spawn(`${dirname(nix.program)}/nix-daemon`, [], { env: throughDaemon, stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  t.after(async () => {
    daemon.kill();
    await ended;
  });
  while (!existsSync(socket)) await setTimeout(20);
  const client = { ...nix, env: { ...throughDaemon, NIX_REMOTE: 'daemon' } };
  for (const used of [...uses, client]) {
    const name = used === client ? 'daemon' : used.program;
    assert.deepEqual((await rebuild(used, [same?.drvPath ?? ''], runtime)).different, [], name);
    const { derivations, different } = await rebuild(used, [random?.drvPath ?? ''], runtime);
    assert.equal(derivations.length, 2, name);
    assert.deepEqual(
      different.map(({ path, again }) => [path.slice(-'random-1.0'.length), again?.slice(path.length)]),
      [['random-1.0', '.check']],
      name,
    );
    await run('rm', ['-rf', ...different.map(({ again = '' }) => again)]);
  }
});

test('what Nix sent to a remote builder, which compares nothing, does not count as the same', async t => {
  const { nix, runtime } = await openFixtureNix();
  t.after(() => runtime.close());
  const [here, there] = [await temporaryDirectory(t), await temporaryDirectory(t)];
  await mkdir(`${there}/store`);
  // Another /nix, where everything else is this machine's.
  const namespaces = process.getuid?.() === 0 ? '--mount' : '--user --map-root-user --mount';
  const settings = String.raw`sandbox = false\nbuild-users-group =\nsubstituters =`;
  const ssh = `while [ "$1" != builder ]; do shift; done; shift
while [ "\${1#-}" != "$1" ]; do shift; done
export NIX_CONFIG="$(printf '${settings}')" NIX_REMOTE=local
exec unshare ${namespaces} sh -c 'mount --bind "$1" /nix; shift; exec sh -c "$*"' sh '${there}' "$@"`;
  await writeProgram(here, 'ssh', ssh);
  const setting =
    'sandbox = false\nmax-jobs = 0\nbuilders = ssh-ng://builder x86_64-linux,aarch64-linux\nbuilders-use-substitutes = false';
  const target = { kind: 'installable', installable: installable('random') } as const;
  const { drvPath = '' } = await build(nix, inputsOf(target), runtime);
  const env = { ...nix.env, PATH: `${here}:${process.env.PATH}`, NIX_CONFIG: `${nix.env.NIX_CONFIG}\n${setting}` };
  const uses = (await openNixVersions()).map(program => ({ ...nix, program, env }));
  const outcomes: string[] = [];
  for (const used of uses) outcomes.push(await rebuild(used, [drvPath], runtime).then(() => 'the same', messageOf));
  const [first, second, newest] = outcomes;
  assert.match(first ?? '', /^Cannot compare a second build: .*max-jobs/);
  assert.match(second ?? '', /^Cannot compare a second build: .*max-jobs/);
  assert.match(newest ?? '', /^Cannot build the image again: /, 'it asks no builder');
});

test('images of other shapes are built and packed again', async t => {
  for (const [name, source] of Object.entries({
    stream: { installable: `path:${fixture('dockertools')}#layered`, 'nix-db': 'true' },
    nix2container: { file: `${dirname(fixture('x'))}/nix2container/default.nix`, attr: 'image' },
  })) {
    const { image, lines } = await check(t, name, source);
    const count = image.platforms[0]?.layers.length;
    assert.ok(await hasTag(name));
    assert.ok(
      lines.some(line => line.endsWith(`again: all ${count} layers are the same.`)),
      lines.join('\n'),
    );
  }
});

test('an image that is another one when it is packed again is refused, with its files', async t => {
  const imageOf = async (text: string): Promise<LabelledImage> => {
    const content = Buffer.from(text);
    const tar = await bytesOf(
      writeTar([
        {
          name: 'etc/time',
          size: content.length,
          open: async function* () {
            yield content;
          },
        },
      ]),
    );
    const layer = {
      diffId: undefined,
      encoding: 'tar' as const,
      open: async function* () {
        yield tar;
      },
    };
    const config = configOf({ architecture: 'amd64', os: 'linux', config: { Cmd: [text] } }, 'an image');
    return { image: { config, layers: [layer] } satisfies Image, labels: {}, annotations: {} };
  };
  const runtime = await openTestRuntime({}, '/');
  t.after(() => runtime.close());
  const first = await imageOf('12:00');
  const packed = await pack(first.image, await temporaryDirectory(t));
  const ready = (again: LabelledImage) =>
    ({
      inputs: parseImages(input => (input === 'mode' ? 'build' : ''))[0],
      platforms: [{ ...first, openAgain: async () => again }],
    }) as unknown as ReadyImage;
  await comparePackedAgain(ready(await imageOf('12:00')), [packed], runtime);
  await assert.rejects(
    comparePackedAgain(ready(await imageOf('12:01')), [packed], runtime),
    failureWith(
      'The image for linux/amd64 is not reproducible: packed again, it is another one. No tag was moved.',
      'config, Cmd: 12:00 and 12:01',
      'layer 1',
      '  etc/time: 5 bytes, differs from byte 4',
    ),
  );
});

/** A repository with the package, which a workflow of `acme/app` checks out at its first commit. */
async function makeRepository(t: TestContext) {
  const server = `file://${await temporaryDirectory(t)}`;
  const directory = `${server.slice('file://'.length)}/acme/app`;
  await mkdir(directory, { recursive: true });
  await cp(fixture('rebuild'), directory, { recursive: true });
  await cp(fixture('dockertools'), `${directory}/images`, { recursive: true });
  const git = (...args: readonly string[]) => run('git', ['-C', directory, ...args]);
  const commit = async (message: string) => {
    await git('add', '--all');
    await git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '--message', message);
    return (await git('rev-parse', 'HEAD')).trim();
  };
  await git('init', '--quiet');
  return { server, directory, commit, revision: await commit('first') };
}

const verifying = {
  mode: 'verify',
  'require-key': publicPem,
  require: 'signature,provenance,rebuild',
  'nix-conf': 'sandbox = false\nsubstituters =\nbuild-users-group =',
} satisfies Texts;

function verifyAgain(t: TestContext, name: string, texts: Texts = {}) {
  return runVerify(t, { ...verifying, image: `${registry.host}/acme/${name}:1`, ...texts });
}

test('an image is built again from its provenance; another image with that provenance is refused', async t => {
  const { server, directory, commit, revision } = await makeRepository(t);
  const packages = `${directory}/packages.nix`;
  const text = await readFile(packages, 'utf8');
  const context: WorkflowContext = {
    workflow: { ...workflow, server },
    eventName: 'push',
    ref: 'refs/heads/main',
    repositoryUrl: `${server}/acme/app`,
    revision,
  };
  const signed: Texts = {
    'signing-key': secretPem,
    provenance: 'true',
    'check-reproducible': 'false',
    installable: '.#reproducible',
  };
  const push = (name: string, texts: Texts = {}, of = context) =>
    check(t, name, { ...signed, ...texts }, { context: of, directory });
  const refusalOf = (name: string) =>
    verifyAgain(t, name).then(
      () => assert.fail(`${name} is accepted`),
      (error: Error) => error.message,
    );

  await push('again', { labels: 'a=b', user: '1000', 'nix-db': 'true', 'max-layers': '5' });
  // A later commit does not change what the image was built from.
  await writeFile(packages, text.replace("printf '", "printf '# changed\\n"));
  const second = await commit('second');
  // As in a hook of git.
  const env = { HOME: '/nonexistent', PATH: process.env.PATH, GIT_DIR: `${directory}/.git` };
  const runtime = await openTestRuntime(env, '/');
  t.after(() => runtime.close());
  const { 'require-key': key, 'nix-conf': conf } = verifying;
  const flags = { rebuild: true, require: 'signature,provenance', 'require-key': key, 'nix-conf': conf.split('\n') };
  const { text: said } = await (await loadVerify())(
    {
      parameters: [`${registry.host}/acme/again:1`],
      flags: { ...flags, 'insecure-registries': [] },
      rest: [],
    } as never,
    runtime,
  );
  assert.equal(
    said.split('\n').at(-1),
    `rebuild of linux/amd64: 4 layers and the config are those of ${server}/acme/app at ${revision}`,
  );

  assert.equal((await run('git', ['-C', directory, 'rev-parse', 'HEAD'])).trim(), second);

  await push('stream', { installable: './images#layered' });
  const { verified: ofStream } = await verifyAgain(t, 'stream');
  assert.match(ofStream.at(-1) ?? '', /^rebuild of linux\/amd64: \d+ layers and the config are those of /);

  // The second commit, with provenance of the first one.
  await push('changed');
  const lines = (await refusalOf('changed')).split('\n');
  assert.match(
    lines[0] ?? '',
    new RegExp(`^The image .*/acme/changed@sha256:.* differs from its build from ${server}/acme/app at ${revision}:$`),
  );
  const paths = lines.flatMap(
    line => /^ {2}(?:\/nix\/store\/.{32}-)?(\S+): (\d+ bytes, .*)$/.exec(line)?.slice(1).join(' ') ?? [],
  );
  assert.ok(paths.includes('reproducible-1.0/bin/app 88 bytes, only the first time'), lines.join('\n'));
  assert.ok(paths.includes('reproducible-1.0/bin/app 78 bytes, only the second time'), lines.join('\n'));
  assert.ok(lines.some(line => line.startsWith('config, Entrypoint: /nix/store/')));

  await push('elsewhere', { installable: `path:${directory}#reproducible` });
  assert.match(await refusalOf('elsewhere'), /which is not a path in the checkout/);
  await push('arguments', { 'build-args': '--no-update-lock-file' });
  assert.match(await refusalOf('arguments'), /by its provenance it was built with build-args/);
  await push('gone', {}, { ...context, revision: '0'.repeat(40) });
  assert.match(await refusalOf('gone'), new RegExp(`Cannot fetch ${'0'.repeat(40)} of ${server}/acme/app: `));
  // Signed by another key: its provenance is not even read.
  await assert.rejects(
    verifyAgain(t, 'again', {
      'require-key': makeKeyPair().publicPem,
    }),
    failureWith('signature: wrong', 'provenance: wrong'),
  );
});

test('only the commit itself is checked out, whatever the server calls its branches', async t => {
  const { server, directory, revision } = await makeRepository(t);
  const repository = `${server}/acme/app`;
  const branch = '0'.repeat(64);
  await run('git', ['-C', directory, 'branch', branch]);
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, '/');
  t.after(() => runtime.close());
  assert.ok(existsSync(`${await checkOut({ repository, revision }, runtime)}/packages.nix`));
  await assert.rejects(checkOut({ repository, revision: branch }, runtime), failureWith(`Cannot fetch ${branch} of`));
});
