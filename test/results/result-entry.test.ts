import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { openDirectoryBackend } from '../../src/cache/directory-backend.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { openFileResults } from '../../src/results/file-results.ts';
import { formatResult, largestEntry, parseResult } from '../../src/results/result-entry.ts';
import { fetchResult, saveResult } from '../../src/results/results-backend.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { key, sample } from './sample-result.ts';

const text = formatResult(key, sample);
const parse = (changed: string) => parseResult(Buffer.from(changed), key);

test('an entry gives what was written', () => {
  assert.deepEqual(parse(text), sample);
  const { run: _, ...withoutRun } = sample;
  assert.deepEqual(parse(formatResult(key, { ...withoutRun, run: undefined })), { ...sample, run: undefined });
});

suite('an entry is refused', () => {
  const change = (search: string | RegExp, by: string) => text.replace(search, by);
  const cases: Readonly<Record<string, readonly [string, RegExp]>> = {
    'if it is damaged': [text.slice(0, 100), /it is not JSON/],
    'if it is a list': ['[]', /not a JSON object/],
    'under another key': [change(/"key":"(.*?).{4}"/, '"key":"$1beef"'), /saved under another key/],
    'in another format': [change('"format":2', '"format":1'), /its format is not 2/],
    'with a time that is a command for the runner': [change('"time":"', '"time":"\\n::add-path::/evil'), /no time/],
    'with a run that is no address': [change('https://github.com', 'javascript:'), /not a web address/],
    'with a version that is none': [change('"2.34.7"', '"2.34 --help"'), /no version/],
    'without images': [change(/"images":.*/, '"images":[]}'), /no images/],
    'with a derivation elsewhere': [change('/nix/store/', '/etc/'), /without a derivation/],
    'with a config that is none': [change('"config":"', '"config":"AAAA'), /its config/],
    'with a config that no engine can run': [
      change(/"config":"[^"]*"/, `"config":"${Buffer.from('{"os":"linux"}').toString('base64')}"`),
      /no architecture/,
    ],
    'with other diffIDs than the config': [
      change(`uncompressed":"${digestOf('tar')}`, `uncompressed":"${digestOf('x')}`),
      /other diffIDs/,
    ],
    'with a layer less than the config': [change(/"layers":\[/, '"layers":[{},'), /without a digest/],
    'with something else than a digest': [change(digestOf('blob'), '../../secret'), /without a digest/],
    'with a size below zero': [change('"size":4', '"size":-4'), /without a digest, a size/],
    'with a layer of another kind': [change('layer.v1.tar+gzip', 'manifest.v1+json'), /media type/],
    'with a base that has no digest': [change(digestOf('base'), 'latest'), /a base without/],
    'with facts of a package that are no text': [change('"An app"', '1'), /lacks the description/],
    'with annotations that are no text': [change('{"a":"b"}', '{"a":1}'), /without annotations/],
    'with findings that are none': [change('"rule":"no-tmp"', '"rule":"toString"'), /a finding without a known rule/],
    'with a finding about a command for the runner': [
      change('"linux/amd64","facts', '"::x::","facts'),
      /a finding without .* a valid platform/,
    ],
    'with a finding that is no text': [change('["the image has no /tmp"]', '[{}]'), /a finding without facts/],
    'with a size of a path below zero': [change('"narSize":9', '"narSize":-9'), /malformed contents/],
    'with contents that are none': [change('"history":""', '"history":1'), /malformed contents/],
  };
  for (const [name, [changed, expected]] of Object.entries(cases)) {
    test(name, () => {
      assert.notEqual(changed, text);
      assert.throws(() => parse(changed), { name: 'Failure', message: expected });
    });
  }
});

test('an entry of any size is read only up to the limit', async t => {
  const directory = await temporaryDirectory(t);
  const backend = openFileResults(openDirectoryBackend(directory), directory);
  const damage: string[] = [];
  const fetch = (name = key) =>
    fetchResult(name, backend, ({ message }, entry) => void damage.push(`${entry}: ${message}`));
  assert.equal(await saveResult(key, text, backend), key);
  assert.deepEqual(await fetch(), sample);
  assert.equal(await saveResult(key, text, backend), undefined, 'it is there');
  assert.equal(await fetch(`${key.slice(0, -1)}1`), undefined);
  assert.deepEqual(damage, []);
  await truncate(join(directory, `${key}.nix-image-cache`), largestEntry + 1);
  assert.equal(await fetch(), undefined);
  assert.match(damage.join('\n'), new RegExp(`^${key}: .*more than the limit`));
});

test('a damaged entry does not block its key: a replacement has a number', async t => {
  const directory = await temporaryDirectory(t);
  const backend = openFileResults(openDirectoryBackend(directory), directory);
  const damage = (name: string) => writeFile(join(directory, `${name}.nix-image-cache`), '{');
  const fetch = () => fetchResult(key, backend, () => {});
  await damage(key);
  assert.equal(await saveResult(key, text, backend), `${key}-2`);
  assert.deepEqual(await fetch(), sample);
  await damage(`${key}-2`);
  assert.equal(await saveResult(key, text, backend), `${key}-3`);
  assert.deepEqual(await fetch(), sample);
  await damage(`${key}-3`);
  assert.equal(await saveResult(key, text, backend), undefined);
  assert.equal(await fetch(), undefined);
});
