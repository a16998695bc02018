import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { stringify } from 'lossless-json';
import { parseStreamSettings, type StreamBase, streamConfig } from '../../src/image/stream-settings.ts';
import { Failure } from '../../src/lib/failure.ts';
import { vectors } from './golden-store.ts';

const at = { file: 'x-conf.json', now: 0 };
const anyPath = '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-base';
const golden = (file: string) => readFileSync(new URL(`stream/${file}`, vectors), 'utf8');
const conf: Readonly<Record<string, unknown>> = JSON.parse(golden('01-minimal/conf.json'));
const settingsOf = (changes: object) => parseStreamSettings(JSON.stringify({ ...conf, ...changes }), at);

for (const name of readdirSync(new URL('stream/', vectors)).filter(name => /^\d/.test(name))) {
  test(`config of streamLayeredImage, byte for byte: ${name}`, () => {
    const expected = golden(`${name}/config.json`);
    const { created, rootfs } = JSON.parse(expected);
    const settings = parseStreamSettings(golden(`${name}/conf.json`), { file: name, now: Date.parse(created) });
    const { manifest_json, config_digest } = JSON.parse(golden(`${name}/expected.json`));
    const base: StreamBase = { layerNames: manifest_json[0].Layers.slice(0, 3), env: ['A=base', 'B=base'] };
    const config = streamConfig(settings, settings.fromImage === undefined ? undefined : base);
    // The script's clock has microseconds.
    const json = pythonJson({ ...config, rootfs }).replaceAll(settings.created, created);
    assert.equal(json, expected);
    assert.equal(`sha256:${createHash('sha256').update(json).digest('hex')}`, config_digest);
    assert.equal(settings.repoTag, manifest_json[0].RepoTags[0]);
  });
}

test('numbers of the config keep all their digits', () => {
  const text = JSON.stringify(conf).replace('"config":{', '"config":{"Big":12345678901234567890,');
  assert.match(stringify(streamConfig(parseStreamSettings(text, at))) ?? '', /"Big":12345678901234567890/);
});

test('older nixpkgs leave out owner and time of the files', () => {
  const { mtime: _, uid: _1, gid: _2, uname: _3, gname: _4, ...old } = conf;
  const { owner } = parseStreamSettings(JSON.stringify({ ...old, created: '1970-01-01T00:00:09+00:00' }), at);
  assert.deepEqual(owner, { mtime: 9, uid: 0, gid: 0, uname: 'root', gname: 'root' });
});

test('the time "now" is that of the run', () => {
  const now = Date.UTC(2026, 10, 21, 1, 2, 3, 456);
  const settings = parseStreamSettings(JSON.stringify({ ...conf, created: 'now', mtime: 'now' }), { file: 'f', now });
  assert.equal(settings.created, '2026-11-21T01:02:03.456000+00:00');
  assert.equal(settings.owner.mtime, Math.floor(now / 1000));
  assert.equal(settings.isTimeNow, true);
  assert.equal(settingsOf({ created: 'now' }).isTimeNow, false);
});

test('paths in the history are printed as Python prints them', () => {
  const commentOf = (name: string) => {
    const { history } = streamConfig(settingsOf({}), { layerNames: [name], env: [] });
    return (history as { comment: string }[])[0]?.comment;
  };
  assert.equal(commentOf(`it's`), `store paths: ["it's"]`);
  assert.equal(commentOf(`it's "b"`), `store paths: ['it\\'s "b"']`);
  assert.equal(
    commentOf('a\\b\n\t\u0001\u00a0\u200b\u{e0001} é日😀'),
    `store paths: ['a\\\\b\\n\\t\\x01\\xa0\\u200b\\U000e0001 é日😀']`,
  );
});

for (const [changes, message] of [
  [{ brand_new: 1 }, /Cannot read x-conf\.json: its "brand_new" is unknown, so a newer nixpkgs wrote/],
  [{ architecture: undefined }, /"architecture" is not a string/],
  [{ architecture: 1 }, /"architecture" is not a string/],
  [{ config: null }, /"config" is not an object/],
  [{ os: 'darwin' }, /"os" is not "linux"/],
  [{ from_image: 1 }, /"from_image" is not a string/],
  [{ store_layers: ['/nix/store/x'] }, /"store_layers" is not a list of lists of paths in \/nix\/store/],
  [{ store_layers: [['/etc/passwd']] }, /"store_layers" is not a list of lists of paths in \/nix\/store/],
  [{ store_layers: [['/nix/store/../../etc/passwd']] }, /"store_layers" is not a list of lists of paths in/],
  [{ store_layers: [[`${anyPath}/../../../etc`]] }, /"store_layers" is not a list of lists of paths in/],
  [{ store_dir: '/', store_layers: [['/etc']] }, /"store_dir" is not \/nix\/store, the store of this machine/],
  [{ store_dir: '/home' }, /"store_dir" is not \/nix\/store/],
  [{ from_image: '/home/user/secret.tar' }, /"from_image" is not a path in \/nix\/store/],
  [{ from_image: `${anyPath}/../../../home/user/secret.tar` }, /"from_image" is not a path in \/nix\/store/],
  [{ from_image: `/nix/storex${anyPath.slice('/nix/store/'.length)}` }, /"from_image" is not a path in/],
  [{ customisation_layer: '/home/user' }, /"customisation_layer" is not a path in \/nix\/store/],
  [{ customisation_layer: null }, /"customisation_layer" is not a string/],
  [{ uid: 0 }, /"uid" is not a string/],
  [{ uid: null }, /"uid" is not a string/],
  [{ gid: 'root' }, /"gid" is not a whole number in quotes/],
  [{ created: '1970-01-01' }, /"created" is not "now" or a time such as 1970-01-01T00:00:01\+00:00/],
  [{ mtime: '1970-13-01T00:00:01+00:00' }, /"mtime" is not "now" or a time/],
] as const) {
  test(`settings with ${JSON.stringify(changes)} are a Failure`, () => {
    assert.throws(() => settingsOf(changes), failure(message));
  });
}

test('settings that are no JSON object are a Failure', () => {
  assert.throws(() => parseStreamSettings('{', at), failure(/Cannot read x-conf\.json: it is not JSON/));
  assert.throws(() => parseStreamSettings('[]', at), failure(/Cannot read x-conf\.json: it is not a JSON object/));
});

test('an Env that cannot be merged with that of a base image is a Failure', () => {
  const config = { Env: 'A=1' };
  assert.deepEqual(streamConfig(settingsOf({ config })).config, config);
  const withBase = settingsOf({ config, from_image: anyPath });
  assert.throws(() => streamConfig(withBase), failure(/config\.Env of the image is not a list of strings/));
});

function failure(message: RegExp): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, message);
    return true;
  };
}

/** `json.dumps(value, indent=4)` */
function pythonJson(value: object): string {
  const hex = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return (stringify(value, undefined, 4) ?? '').replace(/[\x7f-\uffff]/g, hex);
}
