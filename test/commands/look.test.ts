import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { findProgram, runProgram } from '../../src/lib/process.ts';
import { archive } from '../support/archives.ts';
import { built } from '../support/built.ts';
import { compileCache } from '../support/compile-cache.ts';
import { startCraneRegistry } from '../support/crane-registry.ts';
import { buildFlags } from '../support/nix-build.ts';
import { startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { runOnTerminal } from '../support/run-on-terminal.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeProgram } from '../support/write-program.ts';

const cli = join(built, 'cli.mjs');
const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...compileCache };
const start = (...args: readonly string[]) => runProgram(process.execPath, [cli, ...args], { env });
const json = async (...args: readonly string[]) =>
  JSON.parse(await run(process.execPath, [cli, ...args, '--json'], { env }));

const packages = `path:${fileURLToPath(new URL('../fixtures/package', import.meta.url))}`;

/** What a terminal shows, which must fit into it. */
async function screenOf(columns: number, ...args: readonly string[]): Promise<string> {
  const { code, screen } = await runOnTerminal([process.execPath, cli, ...args], {
    columns,
    env: { HOME: '/root' },
  });
  const text = stripVTControlCharacters(screen);
  assert.equal(code, 0, text);
  return text;
}

suite('inspect and diff', () => {
  let registry: Awaited<ReturnType<typeof startCraneRegistry>>;
  const layered = archive('layered.tar.gz');
  const nameOf = (tag: string) => `${registry.host}/acme/app:${tag}`;
  const push = (path: string, tag: string, ...flags: readonly string[]) =>
    run(process.execPath, [cli, 'build', '--path', path, '--tags', nameOf(tag), '--push', '--created', '0', ...flags], {
      env,
    });

  before(async () => {
    registry = await startCraneRegistry();
    await push(layered, '1', '--labels', 'org.opencontainers.image.version=1');
    await push(layered, '2', '--labels', 'org.opencontainers.image.version=2');
    await push(archive('buildImage.tar.gz'), 'plain', '--labels', 'a=\u001b[2J\u202e');
  });
  after(() => registry.close());

  test('an image in a registry: packages by size, layers, labels; the same as of its file', async () => {
    const stored = await json('inspect', nameOf('1'));
    const { packages: found, layers, labels, digest, unpacked, 'other-bytes': other } = stored;
    assert.deepEqual(found.slice(0, 2), [
      { name: 'pkg7', version: '', size: 24_018 },
      { name: 'pkg6', version: '', size: 21_018 },
    ]);
    assert.equal(layers.length, 7);
    assert.equal(labels['org.opencontainers.image.version'], '1');
    assert.match(digest, /^sha256:/);
    assert.equal(
      unpacked,
      found.reduce((sum: number, { size }: { size: number }) => sum + size, other),
    );
    const file = await json('inspect', layered);
    assert.deepEqual(file.packages, found);
    const digests = (image: { layers: { digest: string }[] }) => image.layers.map(one => one.digest);
    assert.deepEqual(digests(file), digests(stored));
  });

  test('an image without store paths says so, and its hostile labels print nothing that a terminal obeys', async () => {
    const { code, stdout, stderr } = await start('inspect', nameOf('plain'));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^packages: none, because the image has no store paths of Nix$/m);
    assert.match(stdout, /^ {2}a /m);
    for (const live of ['\u001b', '\u0007', '\u202e']) assert.ok(!stdout.includes(live));
  });

  for (const columns of [60, 120]) {
    test(`fits into a terminal of ${columns} columns`, async () => {
      const screen = await screenOf(columns, 'inspect', layered);
      assert.match(screen, /^Inspect\n/);
      assert.match(screen, /^packages \(8 in 8 store paths\)\n {2}pkg7 +24 kB +22 %$/m);
      assert.match(screen, /^ {2}pkg7, pkg6, pkg5 +64 kB +[0-9a-f]{12}$/m);
      const changed = await screenOf(columns, 'diff', nameOf('1'), nameOf('2'));
      assert.match(changed, /^to pull +0 B for whoever has /m);
      assert.match(changed, /^ {2}\+ {2}label org\.opencontainers\.image\.version {2}2$/m);
      const table = `${screen}${changed}`.split('\n').filter(line => line.startsWith('  '));
      assert.deepEqual(
        table.filter(line => line.length > columns),
        [],
      );
    });
  }

  test('two images: what whoever has the first must pull', async () => {
    const same = await json('diff', nameOf('1'), nameOf('2'));
    assert.deepEqual([same.pull, same.packages, same['new-layers']], [0, [], []]);
    assert.deepEqual(same.config, [{ field: 'label org.opencontainers.image.version', before: '1', after: '2' }]);
    const other = await json('diff', nameOf('plain'), nameOf('1'));
    assert.equal(other.packages, null);
    assert.equal(
      other.pull,
      other['new-layers'].reduce((sum: number, { size }: { size: number }) => sum + size, 0),
    );
  });

  for (const [what, name, message] of [
    ['an unknown tag', 'acme/app:none', /Cannot read from \S+\/acme\/app: .* 404 /],
    ['an unknown repository', 'acme/none:1', /Cannot read from \S+\/acme\/none: .* 404 /],
  ] as const) {
    test(`${what} is a clear error`, async () => {
      const { code, stdout, stderr } = await start('inspect', `${registry.host}/${name}`);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
    });
  }

  for (const [status, refusal] of [
    [401, { auth: { kind: 'basic', user: 'user', password: 'password' } }],
    [403, { onRequest: ({ url }: IncomingMessage) => (url === '/v2/' ? undefined : { status: 403 }) }],
  ] as const) {
    test(`a registry that answers ${status} is a clear error`, async t => {
      const refusing = await startRegistry({ directory: await temporaryDirectory(t), ...refusal });
      t.after(() => refusing.close());
      const { code, stdout, stderr } = await start('inspect', `${refusing.host}/acme/app:1`);
      assert.deepEqual([code, stdout], [1, '']);
      const problem = stderr.split('\n').find(line => line.startsWith('error: '));
      assert.match(
        problem ?? '',
        new RegExp(`^error: Cannot read from ${refusing.host}/acme/app: .* was ${status}\\b`),
      );
      assert.match(problem ?? '', / Log in: set username and password, /);
    });
  }

  test('a file that is no image, one that is missing, and a registry that refuses are clear errors', async t => {
    const path = join(await temporaryDirectory(t), 'note.txt');
    await writeFile(path, 'hello\n');
    assert.match((await start('inspect', path)).stderr, /^error: Cannot use \S+note\.txt as an image: it is /m);
    assert.match(
      (await start('inspect', './missing')).stderr,
      /^error: Cannot open the image \S+missing: the file does not exist\.$/m,
    );
    assert.match((await start('inspect', '127.0.0.1:9/a/b:1')).stderr, /^error: Cannot reach 127\.0\.0\.1:9/m);
    assert.match(
      (await start('inspect', 'Upper/Case')).stderr,
      /^error: Cannot use the tag "Upper\/Case": repository names are lower-case/m,
    );
  });
});

suite('explain', () => {
  test('a package: sizes, what keeps what, and the shortest way', async () => {
    const { size, 'store-paths': paths, savings } = await json('explain', `${packages}#hello`, ...buildFlags);
    assert.equal(paths.length, 11);
    assert.equal(paths[0].kept, size);
    assert.match(paths[1].path, /-data-10$/);
    assert.equal(paths[1].keeper, paths[0].path);
    assert.deepEqual(
      savings.map(({ kind }: { kind: string }) => kind),
      ['several versions'],
    );
  });

  for (const columns of [60, 120]) {
    test(`fits into a terminal of ${columns} columns, where a line says what goes on and is erased`, async t => {
      // The line is drawn after 100 ms, in which Nix may have evaluated.
      const slow = await temporaryDirectory(t);
      await writeProgram(slow, 'nix', `sleep 0.3; exec ${findProgram('nix', process.env)} "$@"`);
      const args = ['explain', `${packages}#hello`, ...buildFlags];
      const { screen } = await runOnTerminal([process.execPath, cli, ...args], {
        columns,
        env: { HOME: '/root', PATH: `${slow}:${process.env.PATH}` },
      });
      const lines = screen.split('\n');
      const status = lines.flatMap(line => line.split('\r\u001b[2K').slice(0, -1));
      assert.ok(status.some(line => line.startsWith('evaluating path:')));
      const left = lines.map(line => stripVTControlCharacters(line.split('\r\u001b[2K').at(-1) ?? ''));
      assert.match(left.join('\n'), /^hello-1\.0 +[\d.]+ kB +[\d.]+ kB {2}hello-1\.0$/m);
      assert.match(left.join('\n'), /^ {2}Build took [\d.]+ s$/m);
      assert.deepEqual(
        [
          ...status.filter(line => line.length >= columns),
          ...left.filter(line => line.length > columns && line.startsWith('data-')),
        ],
        [],
      );
    });
  }

  test('why one package is there; without a terminal no line is erased', async () => {
    const { stdout, stderr: log } = await start('explain', `${packages}#hello`, 'data-9', ...buildFlags);
    assert.match(stdout, /^used by +data-10\nshortest way\n {2}hello-1\.0\n {4}data-10\n {6}data-9$/m);
    assert.ok(!log.includes('\u001b') && !log.includes('\r'));
    assert.match(log, /^Build\n(?: {2}.*\n)* {2}Build took [\d.]+ s$/m);
    const { code, stderr } = await start('explain', `${packages}#hello`, 'glibc', ...buildFlags, '--quiet');
    assert.equal(code, 1);
    assert.match(stderr, /^error: Cannot explain "glibc": \S+ has no such package\./m);
  });
});
