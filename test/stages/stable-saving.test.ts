import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { stableLayers } from '../../src/image/layering/stable.ts';
import { runProgram } from '../../src/lib/process.ts';
import { type PathInfo, readClosure } from '../../src/nix/closure.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { nixArguments } from '../support/nix-build.ts';
import { imageType, openPutter } from '../support/put-content.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Ran, runMode, type Texts } from './run-mode.ts';

const fixture = new URL('../fixtures/changed-application.nix', import.meta.url).pathname;
const conf = new URL('../vectors/stream/01-minimal/conf.json', import.meta.url);

interface Release {
  readonly app: string;
  readonly closure: ReadonlyMap<string, PathInfo>;
}

let registry: Distribution;
let customisation: string;
/** Before a change of the application, and after it. */
let releases: [Release, Release];
before(async () => {
  registry = await startDistribution();
  customisation = await build('customisation', '1');
  releases = [await readRelease('1'), await readRelease('2')];
});
after(() => registry?.close());

async function build(attribute: string, release: string): Promise<string> {
  const what = ['--file', fixture, attribute, '--argstr', 'release', release];
  const built = JSON.parse(await run('nix', ['build', ...nixArguments, '--no-link', '--json', ...what]));
  return built[0].outputs.out;
}

async function readRelease(release: string): Promise<Release> {
  const app = await build('application', release);
  const nix = { program: 'nix', env: process.env, exec: runProgram };
  return { app, closure: await readClosure(nix, [app]) };
}

/** The settings of a streamLayeredImage of the release, all its store paths in one layer. */
async function writeSettings(t: TestContext, { closure }: Release, uid = '0'): Promise<string> {
  const file = join(await temporaryDirectory(t), 'conf.json');
  const own = { store_layers: [[...closure.keys()]], customisation_layer: customisation, uid };
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(conf, 'utf8')), ...own }));
  return file;
}

function push(t: TestContext, path: string, texts: Texts): Promise<Ran> {
  return runMode(t, { mode: 'build', path, tags: tagOf(t), push: 'true', ...texts }, { path: process.env.PATH });
}

const pathOf = (t: TestContext) => t.name.replace(/\W+/g, '-').toLowerCase();
const tagOf = (t: TestContext) => `${registry.host}/${pathOf(t)}:latest`;

const noticesOf = ({ lines }: Ran) => lines.filter(line => /^notice: .*layering: stable/.test(line));
const sizeOf = ({ closure }: Release, paths: Iterable<string>) =>
  [...paths].reduce((sum, path) => sum + (closure.get(path)?.narSize ?? 0), 0);

/** Bytes of the store paths in the layers that a push sent. */
function sentBytes({ image: { platforms } }: Ran, release: Release, layers: readonly (readonly string[])[]): number {
  const states = platforms[0]?.layers.map(({ state }) => state) ?? [];
  return layers.reduce((sum, paths, i) => sum + (states[i] === 'uploaded' ? sizeOf(release, paths) : 0), 0);
}

test('layers as built: log and summary say what stable layers would have sent', async t => {
  const [first, second] = releases;
  const firstPush = await push(t, await writeSettings(t, first), {});
  assert.deepEqual(noticesOf(firstPush), [], 'there was no image before');
  const ran = await push(t, await writeSettings(t, second), {});
  const sent = sizeOf(second, second.closure.keys());
  assert.deepEqual(ran.image.platforms[0]?.saving, { sent, stable: sizeOf(second, [second.app]) });
  const sentence =
    'Sent layers with 5.3 MB of store paths, most of them unchanged. With layering: stable, the changed ones are in layers of 301 kB (before compression).';
  assert.deepEqual(noticesOf(ran), [`notice: ${sentence}`]);
  assert.ok(summaryOf(ran.result).includes(`| Layers | ${sentence} |`));

  await t.test('and that is what they do send', async inner => {
    await push(inner, await writeSettings(t, first), { layering: 'stable' });
    const stable = await push(inner, await writeSettings(t, second), { layering: 'stable' });
    assert.deepEqual(noticesOf(stable), []);
    const sentStable = sentBytes(stable, second, stableLayers(second.closure, 99));
    assert.equal(sentStable, ran.image.platforms[0]?.saving?.stable);
  });
});

test('layers by popularity: the same', async t => {
  const [first, second] = releases;
  const texts = { layering: 'popularity', 'max-layers': '3' };
  await push(t, first.app, texts);
  const ran = await push(t, second.app, texts);
  const upper = [...second.closure.keys()].find(path => path.endsWith('-upper-1.0')) ?? '';
  const sent = sizeOf(second, [upper, second.app]);
  assert.deepEqual(ran.image.platforms[0]?.saving, { sent, stable: sizeOf(second, [second.app]) });
  assert.equal(noticesOf(ran).length, 1);
  assert.deepEqual(noticesOf(await push(t, second.app, texts)), [], 'nothing is sent the second time');
});

test('nothing is said of layers that are sent for another reason than their store paths', async t => {
  const [, second] = releases;
  await push(t, await writeSettings(t, second), {});
  const compressed = await push(t, await writeSettings(t, second), { compression: 'gzip', 'compression-level': '2' });
  assert.ok(compressed.image.uploadedBytes > 10_000);
  const owned = await push(t, await writeSettings(t, second, '1000'), {});
  assert.ok(owned.image.uploadedBytes > 10_000);
  assert.deepEqual([noticesOf(compressed), noticesOf(owned)], [[], []]);
});

test('nothing is said if the store paths of an image before are unknown, and nothing fails', async t => {
  const [first, second] = releases;
  const settings = await writeSettings(t, second);
  for (const [i, json] of [
    { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } },
    { architecture: 'amd64', os: 'linux', history: 'none' },
    { architecture: 's390x', os: 'linux' },
  ].entries()) {
    const name = `${pathOf(t)}-${i}`;
    const put = openPutter(registry.host, name);
    const config = await put.blob('application/vnd.oci.image.config.v1+json', JSON.stringify(json));
    await put.manifest({ mediaType: imageType, config, layers: [] }, 'latest');
    const ran = await push(t, settings, { tags: `${registry.host}/${name}:latest` });
    assert.ok(ran.image.uploadedBytes > 10_000);
    assert.deepEqual(noticesOf(ran), []);
  }
  await push(t, await writeSettings(t, first), {});
  assert.deepEqual(noticesOf(await push(t, settings, { reuse: 'off' })), [], 'reuse: off reads no image before');
});
