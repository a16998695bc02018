import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Directory, linkTree, pathsByName } from '../../src/image/package/link-tree.ts';
import { findMainProgram } from '../../src/image/package/main-program.ts';
import { filesOnDisk, openStoreTree, type StoreEntry, type StoreTree } from '../../src/image/package/store-tree.ts';
import { addUser } from '../../src/image/package/user.ts';
import { Failure } from '../../src/lib/failure.ts';
import { onDisk } from '../../src/tar/byte-string.ts';
import { failureWith } from '../support/failure.ts';

const program = { text: 'program', mode: 0o755 };

test('directories are merged, everything else is a link into the store', t => {
  const tree = storeOf(t, { 'a/bin/x': program, 'a/share/doc/a': 'a', 'b/bin/y': program, 'b/share/doc/b': 'b' });
  assert.deepEqual(link(tree, 'a', 'b'), {
    bin: { x: '/nix/store/a/bin/x', y: '/nix/store/b/bin/y' },
    share: { doc: { a: '/nix/store/a/share/doc/a', b: '/nix/store/b/share/doc/b' } },
  });
});

test('links stay links to the package, whether they lead anywhere or not', t => {
  const tree = storeOf(t, {
    'a/lib/x.so': 'x',
    'a/lib64': { to: 'lib' },
    'a/etc/nowhere': { to: 'missing' },
    'a/etc/outside': { to: '/proc/mounts' },
    'a/etc/circle': { to: 'circle' },
  });
  assert.deepEqual(link(tree, 'a'), {
    lib: { 'x.so': '/nix/store/a/lib/x.so' },
    lib64: '/nix/store/a/lib64',
    etc: {
      nowhere: '/nix/store/a/etc/nowhere',
      outside: '/nix/store/a/etc/outside',
      circle: '/nix/store/a/etc/circle',
    },
  });
});

test('where packages meet, a directory behind a link is merged', t => {
  const tree = storeOf(t, {
    'env/share': { to: '/nix/store/docs/share' },
    'docs/share/doc': 'doc',
    'b/share/b': 'b',
  });
  const share = { doc: '/nix/store/docs/share/doc', b: '/nix/store/b/share/b' };
  assert.deepEqual(link(tree, 'env', 'b'), { share });
});

test('a second name for the same directories is a link to the first', t => {
  const tree = storeOf(t, { 'a/bin/x': program, 'a/sbin': { to: 'bin' }, 'b/bin/y': program, 'b/sbin': { to: 'bin' } });
  const bin = { x: '/nix/store/a/bin/x', y: '/nix/store/b/bin/y' };
  assert.deepEqual(link(tree, 'a', 'b'), { bin, sbin: '/bin' });
});

test('links in circles end', t => {
  const tree = storeOf(t, {
    'a/include/here': { to: '.' },
    'b/include/here': { to: './' },
    'c/p/x': { to: '../q' },
    'c/q/y': { to: '../p' },
    'd/p/x': { to: '../q' },
    'd/q/y': { to: '../p' },
  });
  assert.deepEqual(link(tree, 'a', 'b'), { include: { here: '/include' } });
  assert.deepEqual(link(tree, 'c', 'd'), { p: { x: { y: '/p' } }, q: '/p/x' });
});

test('the same file from two packages is linked to the first', t => {
  const tree = storeOf(t, {
    'a/licence': 'free',
    'b/licence': 'free',
    'a/bin': { to: '/nix/store/c/bin' },
    'b/bin/x': { to: '/nix/store/c/bin/x' },
    'c/bin/x': program,
  });
  assert.deepEqual(link(tree, 'a', 'b'), { bin: { x: '/nix/store/c/bin/x' }, licence: '/nix/store/a/licence' });
});

for (const [description, one, two] of [
  ['content', 'one', 'two'],
  ['size', 'one', 'three'],
  ['the executable bit', 'program', program],
  ['kind', { to: '/nix/store/directory' }, 'file'],
  ['target', { to: 'nowhere' }, { to: 'missing' }],
] as const) {
  test(`two files of different ${description} are a Failure that names both and the place`, t => {
    const tree = storeOf(t, { 'directory/x': '', 'a/etc/x': one, 'b/etc/x': two });
    const parts = ['/nix/store/a/etc/x and /nix/store/b/etc/x', 'both provide /etc/x'];
    assert.throws(() => link(tree, 'a', 'b'), failureWith(...parts));
  });
}

test('names that are no UTF-8 keep their bytes', t => {
  const tree = storeOf(t, { 'a/etc/\xff': 'a', 'a/etc/\xc3\xa4': 'a', 'b/etc/\xff': 'a' });
  const etc = { '\xc3\xa4': '/nix/store/a/etc/\xc3\xa4', '\xff': '/nix/store/a/etc/\xff' };
  assert.deepEqual(link(tree, 'a', 'b'), { etc });
});

test('a package with links in its bin: what leads to an executable is a program', t => {
  const path = '/nix/store/a';
  const tree = storeOf(t, {
    'a/bin/main': { to: '/nix/store/b/real/main' },
    'a/bin/.main-wrapped': program,
    'a/bin/nowhere': { to: 'missing' },
    'a/bin/text': 'text',
    'a/bin/folder/x': program,
    'b/real': { to: '/nix/store/c' },
    'c/main': program,
  });
  assert.equal(findMainProgram({ path }, tree), '/nix/store/a/bin/main');
  assert.equal(findMainProgram({ path, mainProgram: null }, tree), '/nix/store/a/bin/main');
  assert.equal(findMainProgram({ path, mainProgram: 'main' }, tree), '/nix/store/a/bin/main');
  const failure = findMainProgram({ path, mainProgram: 'nowhere' }, tree);
  assert.ok(failure instanceof Failure);
  assert.match(failure.message, /meta\.mainProgram is "nowhere", but its bin has the executables main\./);
});

test('the users of a package stay', () => {
  const own: Directory = new Map([['etc', new Map([['passwd', { link: '/nix/store/a/etc/passwd' }]])]]);
  addUser(own, 'app');
  const etc = own.get('etc') as Directory;
  assert.deepEqual(etc.get('passwd'), { link: '/nix/store/a/etc/passwd' });
  assert.deepEqual(etc.get('group'), { text: 'root:x:0:\napp:x:1000:\n' });
  const linked: Directory = new Map([['etc', { link: '/nix/store/a/etc' }]]);
  addUser(linked, 'app');
  assert.deepEqual(linked.get('etc'), { link: '/nix/store/a/etc' });
});

type Content = string | { readonly text: string; readonly mode: number } | { readonly to: string };

/** A store of files by their path in it, one character a byte, somewhere else than its paths say. */
function storeOf(t: TestContext, files: Readonly<Record<string, Content>>): StoreTree {
  const directory = mkdtempSync(join(tmpdir(), 'store-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    const file = onDisk(join(directory, path));
    mkdirSync(onDisk(join(directory, dirname(path))), { recursive: true });
    if (typeof content === 'string') writeFileSync(file, content);
    else if ('to' in content) symlinkSync(content.to, file);
    else {
      writeFileSync(file, content.text);
      chmodSync(file, content.mode);
    }
  }
  return openStoreTree(
    '/nix/store',
    filesOnDisk('/nix/store', path => path.replace('/nix/store', directory)),
  );
}

/** What linking these packages gives: a link as its target, a directory as an object. */
function link(tree: StoreTree, ...packages: readonly string[]): unknown {
  const directories = packages.map(name => tree.find(`/nix/store/${name}`)).filter(entry => entry !== undefined);
  return plain(linkTree(pathsByName(directories satisfies StoreEntry[], tree), tree));
}

function plain(directory: Directory): unknown {
  const entries = [...directory].map(([name, entry]) => {
    if (entry instanceof Map) return [name, plain(entry)];
    return [name, 'link' in entry ? entry.link : entry.text];
  });
  return Object.fromEntries(entries);
}
