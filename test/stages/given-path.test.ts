import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import type { ImageResult } from '../../src/report/result.ts';
import { actions } from '../../src/run.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { failureWith } from '../support/failure.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runStory } from './run-story.ts';

// Paths that lie in the store, but were put there by hand.

const byHand = `/nix/store/${randomBytes(16).toString('hex')}`;
const [data, customisation] = [`${byHand}-data`, `${byHand}-customisation`];
const tar = Buffer.alloc(10240);

before(async () => {
  await mkdir(customisation, { recursive: true });
  await writeFile(data, 'some data');
  await writeFile(join(customisation, 'layer.tar'), tar);
  await writeFile(join(customisation, 'checksum'), createHash('sha256').update(tar).digest('hex'));
});
after(() => Promise.all([data, customisation].map(path => rm(path, { recursive: true }))));

/** Runs a step with the settings of a streamLayeredImage that has these layers, given by path; writes a layout. */
async function runPath(
  t: TestContext,
  layers: readonly (readonly string[])[],
  { texts = {}, PATH = process.env.PATH }: { texts?: Readonly<Record<string, string>>; PATH?: string | undefined } = {},
) {
  const directory = await temporaryDirectory(t);
  const conf = new URL('../vectors/stream/01-minimal/conf.json', import.meta.url);
  const settings = {
    ...JSON.parse(await readFile(conf, 'utf8')),
    store_layers: layers,
    customisation_layer: customisation,
  };
  await writeFile(join(directory, 'conf.json'), JSON.stringify(settings));
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH }, directory);
  t.after(() => runtime.close());
  const given: Readonly<Record<string, string>> = { mode: 'build', path: 'conf.json', output: 'oci:layout', ...texts };
  const [image] = (await actions.build([parseInputs(name => given[name] ?? '')], runtime)).images;
  return { image: image ?? assert.fail(), lines: runtime.lines };
}

test('an image of store paths that Nix does not know is built without Nix', async t => {
  const { image, lines } = await runPath(t, [[data]]);
  assert.equal(image.platforms[0]?.layers.length, 2);
  assert.ok(lines.some(line => line.startsWith('info: Nix does not know all store paths of the image')));
});

test('an image that Docker cannot stack is pushed with a warning', async t => {
  const warnings = (lines: readonly string[]) => lines.filter(line => /^warning: .*max depth exceeded/.test(line));
  const tooMany = await runPath(
    t,
    Array.from({ length: 137 }, () => []),
  );
  assert.equal(warnings(tooMany.lines).length, 1);
  assert.match(warnings(tooMany.lines)[0] ?? '', /has 138 layers. Docker supports at most 125/);
  const enough = await runPath(
    t,
    Array.from({ length: 124 }, () => []),
  );
  assert.equal(warnings(enough.lines).length, 0);
});

test('stable layers of store paths that Nix does not know, and without Nix: one clear error each', async t => {
  const texts = { layering: 'stable' };
  await assert.rejects(
    runPath(t, [[data]], { texts }),
    failureWith(
      'Cannot use layering: stable for',
      'Nix has to know the references',
      data,
      'remove layering to keep its layers',
    ),
  );
  await assert.rejects(
    runPath(t, [[data]], { texts, PATH: await temporaryDirectory(t) }),
    failureWith('Cannot use layering: stable for', 'and there is no Nix'),
  );
});

test('layering and max-layers that mean nothing for an image: one clear error each', async t => {
  for (const [texts, names] of [
    [{ layering: 'popularity' }, 'layering: popularity'],
    [{ layering: 'as-built', 'max-layers': '20' }, 'max-layers'],
    [{ 'max-layers': '20' }, 'max-layers'],
    [{ layering: 'popularity', 'max-layers': '20' }, 'layering: popularity, max-layers'],
  ] as const) {
    await assert.rejects(
      runPath(t, [[data]], { texts }),
      failureWith(`Cannot use ${names}: these inputs apply to packages`),
    );
  }
});

const digestsOf = ({ platforms: [image] }: ImageResult) => image?.layers.map(({ descriptor }) => descriptor.digest);

test('layering: as-built keeps the layers, like the default', async t => {
  const [given, none] = [await runPath(t, [[data]], { texts: { layering: 'as-built' } }), await runPath(t, [[data]])];
  assert.equal(digestsOf(none.image)?.length, 2);
  assert.deepEqual(digestsOf(given.image), digestsOf(none.image));
});

test('layering: stable and max-layers distribute the store paths of a streamLayeredImage', async t => {
  const inputs = { installable: 'path:test/fixtures/dockertools#stream.conf', tags: 'localhost:1/app:1' };
  const asBuilt = await runStory(t, 'build', inputs);
  const stable = await runStory(t, 'build', { ...inputs, layering: 'stable', 'max-layers': '2' });
  assert.equal(digestsOf(asBuilt)?.length, 3);
  assert.equal(digestsOf(stable)?.length, 2);
  assert.equal(digestsOf(stable)?.at(-1), digestsOf(asBuilt)?.at(-1), 'the customisation layer');
});
