import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findStreamSettings, scriptDigest } from '../../src/image/find-stream-settings.ts';
import { failureWith } from '../support/failure.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { vectors } from './golden-store.ts';

const stream = fileURLToPath(new URL('stream/', vectors));
const script = '/nix/store/dcn9k1q7pkrp1v1hxj2cr3hvwi9w2c1b-stream';
const settings = '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-hello-conf.json';
const program = '#!/nix/store/x-python3/bin/python3\ndef nix_root(ti):\n    ti.mode = 0o0755\n';
const conf: object = JSON.parse(await readFile(join(stream, '01-minimal/conf.json'), 'utf8'));

/** A store with a script and settings, and a way to look for the settings of a wrapper with this text. */
async function openStore(t: TestContext, { program: text = program, conf: json = conf } = {}) {
  const directory = await temporaryDirectory(t);
  const locate = (path: string) => join(directory, basename(path));
  await writeFile(locate(script), text);
  await writeFile(locate(settings), JSON.stringify(json));
  const find = async (wrapper: string) => {
    await writeFile(join(directory, 'wrapper'), wrapper);
    const knownScripts = new Map([
      [scriptDigest(program), 0o755],
      [scriptDigest(program.replace('0755', '0555')), 0o555],
    ] as const);
    return findStreamSettings({ path: join(directory, 'wrapper'), locate, knownScripts });
  };
  return { locate, find };
}

const wrapper = `#!/bin/sh -e\nexec "${script}"  ${settings} "$@" \n`;

for (const name of await readdir(join(stream, 'wrappers'))) {
  test(`settings are found in the script ${name}`, async t => {
    const { locate, find } = await openStore(t);
    const text = await readFile(join(stream, 'wrappers', name), 'utf8');
    assert.deepEqual(await find(text), { native: true, settingsPath: locate(settings), nixMode: 0o755 });
  });
}

test('the script determines the mode of /nix', async t => {
  const { locate, find } = await openStore(t, { program: program.replace('0755', '0555') });
  assert.deepEqual(await find(wrapper), { native: true, settingsPath: locate(settings), nixMode: 0o555 });
});

test('a script is known however it is formatted and commented, and by whichever interpreter it is run', () => {
  const text = '#!/a/python3\n"""\nAbout.\n"""\nassert (\n    len(a) == 0\n), f"no: {a}"  # why\nadd(tar, paths)\n';
  const same =
    '#!/b/python3.13\n"""More\nabout."""\n\nassert len(a) == 0, (\n  f"no: {a}"\n)\nadd(\n    tar,\n    paths,\n)\n';
  assert.equal(scriptDigest(text), scriptDigest(same));
  assert.notEqual(scriptDigest(text), scriptDigest(text.replace('== 0', '== 1')));
  assert.match(scriptDigest(text), /^[0-9a-f]{64}$/);
});

test('an unknown script is not native', async t => {
  const { find } = await openStore(t, { program: program.replace('0755', '0700') });
  assert.deepEqual(await find(wrapper), {
    native: false,
    why: `its script ${script} is not a known version of nixpkgs'`,
  });
});

test('an unknown key in the settings is not native', async t => {
  const { locate, find } = await openStore(t, { conf: { ...conf, brand_new: 1, newer: 2 } });
  assert.deepEqual(await find(wrapper), {
    native: false,
    why: `"brand_new", "newer" of its settings ${locate(settings)} is unknown`,
  });
});

for (const [description, text] of [
  ['without settings', `#!/bin/sh\nexec ${script}\n`],
  ['without a stream', `#!/bin/sh\ncat ${settings}\n`],
  ['with two settings', `${wrapper}cat ${settings.replace('hello', 'other')}\n`],
  ['with two streams', `${wrapper}${script.replace('dcn', 'dcm')}\n`],
] as const) {
  test(`a script ${description} is not native`, async t => {
    const { find } = await openStore(t);
    const found = await find(text);
    assert.ok(!found.native);
    assert.match(found.why, /wrapper does not name one …-stream and its …-conf\.json$/);
  });
}

test('a file that is not a script is not native', async t => {
  const { find } = await openStore(t);
  const found = await find('\x7fELF');
  assert.ok(!found.native);
  assert.match(found.why, /wrapper is not a script$/);
});

test('a base in bzip2 is left to the script', async t => {
  const base = '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-base.tar';
  const { locate, find } = await openStore(t, { conf: { ...conf, from_image: base } });
  await writeFile(locate(base), 'BZh91AY&SY');
  const why = `its base ${base} is compressed with bzip2, which only its script can read`;
  assert.deepEqual(await find(wrapper), { native: false, why });
  assert.deepEqual(findStreamSettings({ path: locate(settings), locate }), { native: false, why });
  await writeFile(locate(base), 'a tar');
  assert.equal((await find(wrapper)).native, true);
});

test('settings alone are those of the newest script', async () => {
  const path = join(stream, '01-minimal/conf.json');
  assert.deepEqual(findStreamSettings({ path }), { native: true, settingsPath: path, nixMode: 0o755 });
});

test('settings alone with an unknown key are not native', async t => {
  const { locate } = await openStore(t, { conf: { ...conf, brand_new: 1 } });
  const found = findStreamSettings({ path: locate(settings) });
  assert.deepEqual(found, { native: false, why: `"brand_new" of its settings ${locate(settings)} is unknown` });
});

test('settings alone of an old nixpkgs are not native: they do not state the mode of /nix', async () => {
  const found = findStreamSettings({ path: join(stream, '20-old-0555/conf.json') });
  assert.ok(!found.native);
  assert.match(found.why, /older than July 2024 and do not state the mode of \/nix/);
});

test('the settings or the script that are named must be there', async t => {
  const { locate, find } = await openStore(t);
  const gone = (path: string) => failureWith(`Cannot read ${locate(path)}: the file does not exist`);
  const [otherScript, otherSettings] = [script.replace('dcn', 'dcm'), settings.replace('0a2', '0a3')];
  await assert.rejects(find(wrapper.replace(script, otherScript)), gone(otherScript));
  await assert.rejects(find(wrapper.replace(settings, otherSettings)), gone(otherSettings));
});

test('settings that are no JSON are a Failure', async t => {
  const { locate, find } = await openStore(t);
  await writeFile(locate(settings), '{');
  await assert.rejects(find(wrapper), failureWith(`Cannot read ${locate(settings)}: it is not JSON`));
});
