import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Machine, openMachine, runThere } from '../support/bare-machine.ts';
import { type Claim, directory, type EntryChange, file, link, makeEntry, type Node, nar } from './make-entry.ts';
import type { Outcome } from './restore-files.ts';
import { addNix } from './run-job.ts';
import { withDaemon } from './with-daemon.ts';

const script = fileURLToPath(new URL('restore-files.ts', import.meta.url));
const storePath = (letter: string, name: string) => `/nix/store/${letter.repeat(32)}-${name}`;
const env = { NIX_CONFIG: 'substituters =\nbuild-users-group =\nsandbox = false' };

async function openStore(t: TestContext): Promise<Machine> {
  const machine = await openMachine(t);
  await addNix(machine);
  const { code, stderr } = await runThere(machine, ['nix-store', '--init'], { env });
  assert.equal(code, 0, stderr);
  return machine;
}

async function restore(machine: Machine, files: readonly string[], setup?: string): Promise<Outcome[]> {
  const command = [process.execPath, script, join(machine.tools, 'nix'), ...files];
  const { stdout, stderr } = await runThere(machine, command, { env, ...(setup === undefined ? {} : { setup }) });
  return stdout === '' ? assert.fail(stderr) : JSON.parse(stdout);
}

const a: Claim = { path: storePath('a', 'library'), nar: nar(file('library')) };
const b: Claim = {
  path: storePath('b', 'app'),
  nar: nar(directory(['bin', directory(['app', file('#!/bin/sh\n', 'executable', '')])], ['lib', link(a.path)])),
  references: [a.path, storePath('b', 'app')],
};
const claim = (node: Node, more: Partial<Claim> = {}): Claim => ({
  path: storePath('c', 'thing'),
  nar: nar(node),
  ...more,
});

const deep = (levels: number): Node => (levels === 0 ? directory() : directory(['d', deep(levels - 1)]));

const falseHash = claim(file(''), { narHash: `sha256:${'0'.repeat(64)}` });

test('an entry becomes valid, what is valid already is left alone', async t => {
  const machine = await openStore(t);
  const odd = claim(directory(['A', directory()], ['\xff \u00e9', file(randomBytes(9 << 20).toString('latin1'))]));
  const one = await makeEntry(join(machine.root, 'one'), [a]);
  const all = await makeEntry(join(machine.root, 'all'), [a, b, odd]);
  const [first, second, third] = await restore(machine, [one, all, all]);
  assert.equal(first?.error, undefined);
  assert.equal(first?.isOwn, true);
  assert.deepEqual(first?.restored, [a.path]);
  assert.deepEqual(second?.restored, [b.path, odd.path], second?.error);
  assert.deepEqual(third?.restored, []);
  assert.deepEqual(third?.valid, [a.path, b.path, odd.path]);
  const { stderr, code } = await runThere(machine, ['nix-store', '--verify', '--check-contents'], { env });
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, /modified|missing|disappeared/);
});

test('parts of an entry are read by several threads, and what one of them finds refuses all', async t => {
  const machine = await openStore(t);
  const large = [...'cdfg'].map(letter => ({
    path: storePath(letter, 'large'),
    nar: nar(file(randomBytes(9 << 20).toString('latin1'))),
  }));
  const good = await makeEntry(join(machine.root, 'good'), [...large, a, b]);
  const paths = [...large, a, b].map(({ path }) => path);
  const narHash = `sha256:${'0'.repeat(64)}`;
  const bad = await Promise.all(
    large.map((one, i) =>
      makeEntry(
        join(machine.root, `bad-${i}`),
        [...large, a, b].map(other => (one.path === other.path ? { ...one, narHash } : other)),
      ),
    ),
  );
  const outcomes = await restore(machine, [...bad, good]);
  assert.deepEqual(outcomes.pop()?.restored, paths);
  for (const { error = 'none', names: left, valid } of outcomes) {
    assert.match(error, /large does not match its hash/);
    assert.deepEqual([left, valid], [[], []]);
  }
  const { stderr, code } = await runThere(machine, ['nix-store', '--verify', '--check-contents'], { env });
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, /modified|missing|disappeared/);
});

suite('what is rejected, with an unchanged store', () => {
  const cases: Readonly<Record<string, readonly [readonly Claim[], RegExp, EntryChange?]>> = {
    'another format': [[a], /format is 1/, { manifest: text => text.replace('"format":4', '"format":1') }],
    'another system': [[a], /for other-linux/, { system: 'other-linux' }],
    'a layer of another form': [
      [a],
      /is not a layer/,
      { manifest: text => text.replace('"layers":[]', '"layers":[{}]') },
    ],
    'another file': [[a], /not a cache entry/, { magic: Buffer.from('something else!!', 'latin1') }],
    'a manifest that is no JSON': [[a], /not JSON/, { manifest: text => text.slice(1) }],
    'bytes behind the last path': [[a], /extra bytes after/, { behind: Buffer.from('more') }],
    'a path outside the store': [[claim(file(''), { path: '/etc/passwd' })], /is not a store path/],
    'a path that climbs out': [
      [claim(file(''), { path: `${storePath('a', '')}../../etc/cron.d/x` })],
      /is not a store path/,
    ],
    'a name of dots': [[claim(file(''), { path: storePath('a', '..') })], /is not a store path/],
    'a path below a store path': [[a, claim(file(''), { path: `${a.path}/x` })], /is not a store path/],
    'the same path twice': [[a, a], /twice/],
    'a reference that is no store path': [
      [claim(file(''), { references: ['/etc'] })],
      /reference that is not a store path/,
    ],
    'a reference to nowhere': [[a, claim(file(''), { references: [storePath('d', 'gone')] })], /refers to .*gone/],
    'a reference to what comes later': [[b, a], /comes before/],
    'a false hash': [[a, claim(file(''), { narHash: `sha256:${'0'.repeat(64)}` })], /does not match its hash/],
    'a hash of another kind': [[claim(file(''), { narHash: `md5:${'0'.repeat(32)}` })], /no hash/],
    'a size too small': [[claim(file('some text'), { narSize: 8 })], /truncated|extra bytes after/],
    'a size too large': [[a, claim(file('some text'), { narSize: 8 << 20 })], /truncated|after its end/],
    'a size beyond all disks': [[claim(file(''), { narSize: 2 ** 52 })], /truncated/],
    'an output that is not in it': [[a], /lacks its output .*app/, { outputs: [b.path] }],
    'an output that is no store path': [[a], /outputs is not a list/, { outputs: ['/etc/passwd'] }],
    'directories that are too deep': [[a, claim(deep(2030))], /nested thousands of levels|ENAMETOOLONG/],
    'a size that is no number': [[a], /no size/, { manifest: text => text.replace(/"narSize":\d+/, '"narSize":-1') }],
    'a file name that climbs out': [[a, claim(directory(['..', file('x')]))], /an invalid name/],
    'a file name with a slash': [[claim(directory(['a/b', file('x')]))], /an invalid name/],
    'an empty file name': [[claim(directory(['', file('x')]))], /an invalid name/],
    'a directory through a symlink': [
      [a, claim(directory(['a', link('/etc')], ['a', directory(['x', file('x')])]))],
      /out of order/,
    ],
    'names out of order': [[claim(directory(['b', file('')], ['a', file('')]))], /out of order/],
    'a device': [
      [claim(Buffer.concat([nar(file('')).subarray(24, 24 + 16 + 16), nar(file(''))]))],
      /Cannot read a NAR/,
    ],
    'no NAR at all': [[{ ...a, nar: randomBytes(1000) }], /Cannot read a NAR/],
    'an empty NAR': [[{ ...a, nar: nar(Buffer.alloc(0)) }, b], /Cannot read a NAR/],
  };

  test('false entries', async t => {
    const machine = await openStore(t);
    const names = Object.keys(cases);
    const files = await Promise.all(
      Object.values(cases).map(([claims, , change], i) => makeEntry(join(machine.root, `${i}`), claims, change)),
    );
    const outcomes = await restore(machine, files);
    for (const [i, name] of names.entries()) {
      const { error = 'none', names: left, valid } = outcomes[i] ?? assert.fail();
      await t.test(name, () => {
        assert.match(error, cases[name]?.[1] ?? /^$/);
        assert.deepEqual(left, []);
        assert.deepEqual(valid, []);
      });
    }
    assert.deepEqual(await readdir(join(machine.nix, 'store')), ['.links']);
  });

  test('damaged entries', async t => {
    const machine = await openStore(t);
    const whole = await makeEntry(join(machine.root, 'whole'), [
      a,
      b,
      claim(file(randomBytes(1 << 20).toString('latin1'))),
    ]);
    const bytes = await readFile(whole);
    const files: string[] = [];
    for (const at of [0, 8, 20, 200, 5000, bytes.length - 1]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      files.push(join(machine.root, `damaged-${at}`));
      await writeFile(files.at(-1) ?? '', damaged);
    }
    for (const size of [0, 5, 12, 300, bytes.length - 1]) {
      files.push(join(machine.root, `cut-${size}`));
      await writeFile(files.at(-1) ?? '', bytes);
      await truncate(files.at(-1) ?? '', size);
    }
    const outcomes = await restore(machine, [...files, whole]);
    assert.deepEqual(outcomes.pop()?.restored?.length, 3);
    for (const [i, { error, names: left, valid }] of outcomes.entries()) {
      assert.ok(error, files[i]);
      assert.deepEqual([left, valid], [[], []], files[i]);
    }
  });

  test('an entry larger than the free disk space', async t => {
    const machine = await openStore(t);
    const large = claim(file(randomBytes(4 << 20).toString('latin1')));
    const entry = await makeEntry(join(machine.root, 'entry'), [a, large]);
    const [outcome] = await restore(machine, [entry], 'mount -t tmpfs -o size=1m none /nix/store');
    assert.match(outcome?.error ?? '', /has only \d+ free/);
    assert.deepEqual([outcome?.names, outcome?.valid], [[], []]);
  });

  test('a place that something else has taken', async t => {
    const machine = await openStore(t);
    const entry = await makeEntry(join(machine.root, 'entry'), [a, b]);
    for (const obstacle of [`echo mine > ${b.path}`, `mkdir ${b.path}; echo mine > ${b.path}/file`]) {
      const [outcome] = await restore(machine, [entry], `rm -rf ${b.path}; ${obstacle}`);
      assert.match(outcome?.error ?? '', /app exists but is not valid/);
      assert.deepEqual(outcome?.names, [b.path.slice('/nix/store/'.length)]);
      assert.deepEqual(outcome?.valid, []);
    }
  });
});

test('the store can be queried even if PATH has only a link to nix', async t => {
  const machine = await openStore(t);
  for (const name of ['nix-store', 'nix-daemon']) await rm(join(machine.tools, name));
  const [outcome] = await restore(machine, [await makeEntry(join(machine.root, 'entry'), [a, b])]);
  assert.deepEqual(outcome?.restored, [a.path, b.path], outcome?.error);
});

test('a store above one that can only be read', async t => {
  const machine = await openStore(t);
  const one = await makeEntry(join(machine.root, 'one'), [a]);
  const all = await makeEntry(join(machine.root, 'all'), [a, b]);
  await restore(machine, [one]);
  const overlay =
    'mkdir lower; mount --bind /nix/store lower; mount -o remount,bind,ro lower; mkdir -p /nix/upper /nix/work; ' +
    'mount -t overlay overlay -o "lowerdir=$PWD/lower,upperdir=/nix/upper,workdir=/nix/work" /nix/store';
  const [outcome] = await restore(machine, [all], overlay);
  assert.deepEqual(outcome?.restored, [b.path], outcome?.error);
  assert.deepEqual(outcome?.valid, [a.path, b.path]);
  assert.deepEqual(await readdir(join(machine.nix, 'upper')), [b.path.slice('/nix/store/'.length)]);
});

test('a store in another place than /nix/store', async t => {
  const machine = await openStore(t);
  const all = await makeEntry(join(machine.root, 'all'), [a, b]);
  const command = [process.execPath, script, join(machine.tools, 'nix'), all];
  const { stdout, stderr } = await runThere(machine, command, {
    env: { NIX_CONFIG: `${env.NIX_CONFIG}\nstore = ${machine.root}/elsewhere\nrequire-sigs = false` },
  });
  const [outcome] = JSON.parse(stdout === '' ? assert.fail(stderr) : stdout) as Outcome[];
  assert.equal(outcome?.isOwn, false);
  assert.deepEqual(outcome?.restored, [a.path, b.path], outcome?.error);
  assert.deepEqual(outcome?.names, [], 'nothing in /nix/store');
  assert.deepEqual(await readdir(join(machine.root, 'elsewhere/nix/store/')), [
    '.links',
    ...[a, b].map(({ path }) => path.slice('/nix/store/'.length)),
  ]);
});

/** Restores as nobody, after what root does in `shell`. */
async function restoreByNobody(machine: Machine, shell: string, files: readonly string[]): Promise<Outcome[]> {
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const restoring = [...asNobody, process.execPath, script, join(machine.tools, 'nix'), ...files];
  const remote = shell === withDaemon ? { NIX_REMOTE: 'daemon' } : {};
  const { stdout, stderr } = await runThere(machine, ['sh', '-c', shell, 'sh', ...restoring], {
    env: { ...env, ...remote, HOME: machine.plainHome },
  });
  return stdout === '' ? assert.fail(stderr) : JSON.parse(stdout);
}

test('a store that belongs to a plain user', async t => {
  const machine = await openStore(t);
  const good = await makeEntry(join(machine.root, 'good'), [a, b]);
  const bad = await makeEntry(join(machine.root, 'bad'), [a, b, falseHash]);
  const [refused, restored] = await restoreByNobody(machine, 'chown -R 65534:65534 /nix; "$@"', [bad, good]);
  assert.equal(restored?.isOwn, true);
  assert.match(refused?.error ?? '', /does not match its hash/);
  assert.deepEqual(refused?.names, []);
  assert.deepEqual(restored?.valid, [a.path, b.path], restored?.error);
  const { stderr } = await runThere(machine, ['nix-store', '--verify', '--check-contents'], { env });
  assert.doesNotMatch(stderr, /modified|missing|disappeared/);
});

test('a daemon that does not trust the user takes nothing, and the entry is refused with the reason', async t => {
  const machine = await openStore(t);
  const good = await makeEntry(join(machine.root, 'good'), [a, b]);
  const [outcome] = await restoreByNobody(machine, withDaemon, [good]);
  assert.equal(outcome?.isOwn, false);
  assert.match(outcome?.error ?? '', /accepts them only from trusted users. Add this user to its trusted-users/);
  assert.deepEqual(outcome?.valid, []);
});

test('a store that belongs to a daemon takes an entry by import, and only a good one', async t => {
  const machine = await openStore(t);
  const good = await makeEntry(join(machine.root, 'good'), [a, b]);
  const bad = await makeEntry(join(machine.root, 'bad'), [a, b, falseHash]);
  const restoring = [process.execPath, script, join(machine.tools, 'nix'), bad, good];
  const { stdout, stderr } = await runThere(machine, ['sh', '-c', withDaemon, 'sh', ...restoring], {
    env: { ...env, NIX_REMOTE: 'daemon' },
  });
  const [refused, restored] = JSON.parse(stdout === '' ? assert.fail(stderr) : stdout) as Outcome[];
  assert.equal(refused?.isOwn, false);
  assert.match(refused?.error ?? '', /does not match its hash/);
  assert.deepEqual(refused?.valid, []);
  assert.deepEqual(restored?.restored, [a.path, b.path], restored?.error);
  assert.deepEqual(restored?.valid, [a.path, b.path]);
});
