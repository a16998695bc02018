import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/lib/process.ts';
import { type Releases, startReleasesSite } from '../support/releases-site.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const script = fileURLToPath(new URL('../../scripts/refresh-releases.ts', import.meta.url));

const digits = (digit: string) => digit.repeat(64);
const known = { '2.28.3': { 'x86_64-linux': digits('1'), 'aarch64-linux': digits('2') } };

const releases: Releases = {
  '2.3.16': {},
  '2.28.3': known['2.28.3'],
  '2.28.10': { 'x86_64-linux': digits('3'), 'aarch64-linux': digits('4') },
  '2.28.9': {},
  '2.35.1': { 'x86_64-linux': `${digits('5')}\n`, 'aarch64-linux': digits('6') },
  '2.36.0': { 'x86_64-linux': digits('7') },
  '2.37pre1_abc': {},
};

async function refresh(t: TestContext, served: Releases) {
  const table = join(await temporaryDirectory(t), 'releases.json');
  await writeFile(table, JSON.stringify(known));
  const site = await startReleasesSite(served);
  t.after(() => site.close());
  const { url } = site;
  const result = await runProgram(process.execPath, [script, table, url, `${url}/nix`]);
  return { ...result, table: JSON.parse(await readFile(table, 'utf8')) };
}

test('the newest of each series since the oldest known one is added, and what was known stays', async t => {
  const { code, stdout, table } = await refresh(t, releases);
  assert.equal(code, 0);
  assert.deepEqual(Object.keys(table), ['2.35.1', '2.28.10', '2.28.3']);
  assert.deepEqual(table['2.35.1'], { 'x86_64-linux': digits('5'), 'aarch64-linux': digits('6') });
  assert.match(stdout, /^Nix 2\.36\.0 is left out/m);
  assert.match(stdout, /^Nix 2\.28\.10 is new\.$/m);
});

test('a checksum that is not the known one is an error, and nothing is written', async t => {
  const { code, stderr, table } = await refresh(t, {
    ...releases,
    '2.28.3': { ...known['2.28.3'], 'aarch64-linux': digits('9') },
  });
  assert.equal(code, 1);
  assert.match(stderr, /^Nix 2\.28\.3 for aarch64-linux has the SHA-256 2{64} in .*, and 9{64} at /);
  assert.deepEqual(table, known);
});

test('an invalid checksum is an error', async t => {
  const { code, stderr } = await refresh(t, { ...releases, '2.35.1': { 'x86_64-linux': '<html>' } });
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot use http:\S+: "<html>" is no SHA-256\.$/m);
});
