import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { stories } from '../../src/run.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

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
async function runPath(t: TestContext, layers: readonly (readonly string[])[]) {
  const directory = await temporaryDirectory(t);
  const conf = new URL('../vectors/stream/01-minimal/conf.json', import.meta.url);
  const settings = {
    ...JSON.parse(await readFile(conf, 'utf8')),
    store_layers: layers,
    customisation_layer: customisation,
  };
  await writeFile(join(directory, 'conf.json'), JSON.stringify(settings));
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, directory);
  t.after(() => runtime.close());
  const texts: Readonly<Record<string, string>> = { mode: 'build', path: 'conf.json', output: 'oci:layout' };
  const [image] = (await stories.build([parseInputs(name => texts[name] ?? '')], runtime)).images;
  return { image: image ?? assert.fail(), lines: runtime.lines };
}

test('an image of store paths that Nix does not know is made without what Nix would know', async t => {
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
