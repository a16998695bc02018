import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { readClosure, readNarHashes, readRegistrations } from '../../src/nix/closure.ts';
import type { Nix } from '../../src/nix/toolchain.ts';
import { failureWith } from '../support/failure.ts';
import { run } from '../support/run.ts';
import { writeProgram } from '../support/write-program.ts';
import { buildFixture, dockertools, openFixtureNix } from './dockertools.ts';

let opened: Awaited<ReturnType<typeof openFixtureNix>>;
let hello: string;

before(async () => {
  opened = await openFixtureNix();
  hello = await buildFixture(opened, dockertools('hello'));
});
after(() => opened.runtime.close());

const hex = 'bbcbd9d29b3ccecd40dfbf76cb71f93c90cd83fa7a9f66a2c5d7d2b7d2b0a1f0';
const path = '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-a';
const gone = '/nix/store/00000000000000000000000000000000-gone';

test('a closure has the paths that are named and all that they refer to', async () => {
  const closure = await readClosure(opened.nix, [hello]);
  const [data, ...rest] = [...closure.keys()].filter(path => path !== hello);
  assert.match(data ?? '', /^\/nix\/store\/[0-9a-z]{32}-hello-data$/);
  assert.deepEqual(rest, []);
  assert.deepEqual(closure.get(hello)?.references, [data]);
  assert.deepEqual(closure.get(data ?? '')?.references, []);
  assert.deepEqual([...closure.keys()], [...closure.keys()].sort());
});

test('hash and size are those of the NAR', async () => {
  const closure = await readClosure(opened.nix, [hello]);
  const hashes = await readNarHashes(opened.nix, [hello]);
  const [size, hash] = (await run('nix-store', ['--query', '--size', hello]))
    .concat(await run('nix-hash', ['--type', 'sha256', hello]))
    .split('\n');
  assert.equal(closure.get(hello)?.narSize, Number(size));
  assert.equal(closure.get(hello)?.narHash, `sha256:${hash}`);
  assert.deepEqual(hashes, new Map([[hello, `sha256:${hash}`]]));
});

test('no paths need no query', async () => {
  assert.deepEqual(await readClosure({ ...opened.nix, program: '/nowhere' }, []), new Map());
});

test('a path that is not in the store is a Failure that names it', async () => {
  await assert.rejects(readNarHashes(opened.nix, [hello, gone]), failureWith(gone));
  await assert.rejects(readClosure(opened.nix, [hello, gone]), failureWith(gone));
});

/** A Nix whose `nix` and `nix-store` answer with this shell script. */
async function answering(t: TestContext, script: string): Promise<Nix> {
  const directory = await mkdtemp(join(tmpdir(), 'nix-test-'));
  t.after(() => rm(directory, { recursive: true }));
  await writeProgram(directory, 'nix-store', script);
  return { ...opened.nix, program: await writeProgram(directory, 'nix', script) };
}

for (const [name, hash] of [
  ['base 64', `sha256-${Buffer.from(hex, 'hex').toString('base64')}`],
  ['base 32', 'sha256:1w51n39bglnpqni6d7vsza1wv41wz5qwnxmzvx0cvkiwkg9dkjxv'],
  ['base 16', `sha256:${hex}`],
] as const) {
  test(`hashes in ${name} are understood, in the list of old Nix and in the object of new Nix`, async t => {
    const info = { narHash: hash, narSize: 1, references: [] };
    for (const answer of [[{ path, ...info }], { [path]: info }]) {
      const nix = await answering(t, `echo '${JSON.stringify(answer)}'`);
      assert.equal((await readRegistrations(nix, [path])).get(path)?.narHash, `sha256:${hex}`);
    }
    assert.deepEqual(
      await readNarHashes(await answering(t, `echo ${hash}`), [path]),
      new Map([[path, `sha256:${hex}`]]),
    );
  });
}

test('a hash of another kind is a Failure', async t => {
  for (const narHash of ['md5:abc', 'sha256:abc', 'sha512-AAAA']) {
    const nix = await answering(t, `echo '${JSON.stringify({ [path]: { narHash, narSize: 1, references: [] } })}'`);
    await assert.rejects(readRegistrations(nix, [path]), failureWith(path, narHash));
    await assert.rejects(readNarHashes(await answering(t, `echo ${narHash}`), [path]), failureWith(path, narHash));
  }
});

test('a path that Nix does not know is a Failure, in the list of old Nix and in the object of new Nix', async t => {
  for (const answer of [[{ path, valid: false }], { [path]: null }]) {
    const nix = await answering(t, `echo '${JSON.stringify(answer)}'`);
    await assert.rejects(readRegistrations(nix, [path]), failureWith(`Cannot use ${path}: it is not in the store`));
  }
});

test('fewer hashes than paths are a Failure', async t => {
  const nix = await answering(t, 'exit 0');
  await assert.rejects(readNarHashes(nix, [path]), failureWith(`Cannot use ${path}: its NAR hash ""`));
});

test('a Nix that wants the format to be named gets the first one', async t => {
  const answer = JSON.stringify({ [path]: { narHash: `sha256:${hex}`, narSize: 1, references: [] } });
  const nix = await answering(
    t,
    `case "$*" in *"--json --json-format 1"*) echo '${answer}' ;; *) echo "specify '--json-format'" >&2; exit 1 ;; esac`,
  );
  assert.equal((await readRegistrations(nix, [path])).size, 1);
});

test('an error of Nix is reported in its words', async t => {
  const nix = await answering(t, 'echo "error: no database" >&2; exit 1');
  for (const read of [readNarHashes, readRegistrations]) {
    await assert.rejects(
      read(nix, [path]),
      failureWith('Cannot query the store paths of the image', 'error: no database'),
    );
  }
});

test('many paths are asked about in several calls', async t => {
  const paths = Array.from({ length: 2500 }, (_, i) => `/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-${i}`);
  const nix = await answering(
    t,
    `while [ "$1" != -- ]; do shift; done; shift
    [ $# -le 1000 ] || exit 1
    separator='{'
    for path in "$@"; do
      printf '%s"%s":{"narHash":"sha256:${hex}","narSize":1,"references":[]}' "$separator" "$path"
      separator=,
    done
    echo '}'`,
  );
  assert.deepEqual([...(await readRegistrations(nix, paths)).keys()], paths.toSorted());
  const store = await answering(t, `[ $# -le 1002 ] || exit 1; shift 2; for path in "$@"; do echo sha256:${hex}; done`);
  assert.deepEqual([...(await readNarHashes(store, paths)).keys()], paths);
});
