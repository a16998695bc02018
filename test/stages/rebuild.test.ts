import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { dirname } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import type { Json } from '../../src/lib/json-object.ts';
import { build } from '../../src/nix/build.ts';
import { rebuild } from '../../src/nix/rebuild.ts';
import { configOf } from '../../src/oci/config.ts';
import type { Image } from '../../src/oci/image.ts';
import { actions } from '../../src/run.ts';
import type { LabelledImage } from '../../src/stages/open/label-image.ts';
import type { ReadyImage } from '../../src/stages/publish/publication.ts';
import { comparePackedAgain } from '../../src/stages/rebuild/pack-again.ts';
import { writeTar } from '../../src/tar/write-tar.ts';
import { inputsOf, openFixtureNix } from '../nix/dockertools.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { failureWith } from '../support/failure.ts';
import { openNixVersions } from '../support/nix-versions.ts';
import { pack } from '../support/pack.ts';
import { run } from '../support/run.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runMode, type Texts } from './run-mode.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const installable = (name: string) => `path:${fixture('rebuild')}#${name}`;

let registry: Distribution;
before(async () => {
  registry = await startDistribution({ version: 3 });
});
after(() => registry.close());

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
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

/** Builds, checks and pushes. */
function check(t: TestContext, name: string, texts: Texts) {
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
  return runMode(t, given, {
    path: process.env.PATH,
    context: { workflow, eventName: 'push', ref: 'refs/heads/main' },
  });
}

async function hasTag(name: string): Promise<boolean> {
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  return (await fetch(`http://${registry.host}/v2/acme/${name}/manifests/1`, { headers: { accept } })).ok;
}

/** The fields of the provenance that describe the run. */
async function readMetadata(t: TestContext, name: string): Promise<Json> {
  const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
  t.after(() => runtime.close());
  const texts: Texts = {
    mode: 'verify',
    image: `${registry.host}/acme/${name}:1`,
    'require-key': String(publicKey.export({ type: 'spki', format: 'pem' })),
    require: 'signature,provenance',
  };
  const { provenance } = await actions.verify(
    parseImages(input => texts[input] ?? ''),
    runtime,
  );
  return (provenance as { runDetails: { metadata: Json } }).runDetails.metadata;
}

test('a package that builds the same twice is pushed, and its provenance names the derivations', async t => {
  const { lines } = await check(t, 'same', {
    installable: installable('reproducible'),
    'signing-key': String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    provenance: 'true',
  });
  assert.ok(await hasTag('same'));
  assert.ok(lines.includes('info: Built 2 derivations again, with the same files.'), lines.join('\n'));
  const { nixImage_rebuiltDerivations: derivations } = await readMetadata(t, 'same');
  assert.deepEqual((derivations as string[]).map(path => path.slice('/nix/store/'.length + 33)).sort(), [
    'reproducible-1.0.drv',
    'same-1.0.drv',
  ]);
});

test('the file that differs is named with the first different byte, and no tag moves', async t => {
  await assert.rejects(check(t, 'random', { installable: installable('random') }), (error: Error) => {
    const [first, second = '', ...files] = error.message.split('\n');
    assert.equal(first, 'The image is not reproducible: built again, it has other files. No tag was moved.');
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

test('every version of Nix tells which outputs differ', async t => {
  const { nix, runtime } = await openFixtureNix();
  t.after(() => runtime.close());
  const targets = ['reproducible', 'random'].map(
    name => ({ kind: 'installable', installable: installable(name) }) as const,
  );
  const [same, random] = await Promise.all(targets.map(target => build(nix, inputsOf(target), runtime)));
  for (const program of await openNixVersions()) {
    const env = { ...nix.env, NIX_CONFIG: `${nix.env.NIX_CONFIG}\nsandbox = false` };
    const used = { ...nix, program, env };
    assert.deepEqual((await rebuild(used, [same?.drvPath ?? ''], runtime)).different, [], program);
    const { derivations, different } = await rebuild(used, [random?.drvPath ?? ''], runtime);
    assert.equal(derivations.length, 2);
    assert.deepEqual(
      different.map(({ path, again }) => [path.slice(-'random-1.0'.length), again.slice(path.length)]),
      [['random-1.0', '.check']],
      program,
    );
    await run('rm', ['-rf', ...different.map(({ again }) => again)]);
  }
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
