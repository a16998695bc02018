import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { extract, type Header } from 'tar-stream';
import { openMissingPackage } from '../../src/image/package/open-missing-package.ts';
import { openPackageImage, type PackageImageOptions } from '../../src/image/package/package-image.ts';
import { writeOutput } from '../../src/local/write-output.ts';
import { NarFault } from '../../src/nar/nar-fault.ts';
import { writeNar } from '../../src/nar/write-nar.ts';
import type { Image, Layer } from '../../src/oci/image.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { failureWith } from '../support/failure.ts';
import { buildHello, nixArguments } from '../support/nix-build.ts';
import { open } from '../support/open-image.ts';
import { tagged } from '../support/pack.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid } from '../support/validate-image.ts';

const fixture = new URL('../fixtures/package', import.meta.url).pathname;
const installableOf = (attribute: string) => `path:${fixture}#${attribute}`;
const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

describe('an image of a package', () => {
  const paths = { hello: '', pair: '', linked: '', tools: '', 'nss-cacert': '' };
  let docker: Docker;
  before(async () => {
    for (const attribute of Object.keys(paths) as (keyof typeof paths)[]) {
      const built = await run('nix', ['build', ...nixArguments, '--no-link', '--json', installableOf(attribute)]);
      paths[attribute] = JSON.parse(built)[0].outputs.out;
    }
    docker = await startDocker();
  });
  after(() => docker?.close());

  /** Loads the image into Docker, through an archive, and gives the name that it has there. */
  async function load(t: TestContext, image: Image): Promise<string> {
    const directory = await temporaryDirectory(t);
    const name = `package-${basename(directory).toLowerCase()}:test`;
    const path = join(directory, 'image.tar');
    await writeOutput(tagged(await packValid(image, directory), [parseReference(name)]), {
      kind: 'docker-archive',
      path,
    });
    await docker.run('load', '--input', path);
    return name;
  }

  const start = (...args: string[]) => docker.run('run', '--rm', '--network', 'none', ...args);

  test('its closure in layers by popularity; Docker runs its only program', async t => {
    const closure = await closureOf(paths.hello);
    assert.equal(closure.size, 11);
    const image = openPackageImage(optionsOf({ path: paths.hello, closure, layering: 'popularity' }));
    assert.equal(image.layers.length, 12);
    assert.deepEqual(image.config.json.config, { Env: ['PATH=/bin'], Entrypoint: [`${paths.hello}/bin/hello`] });
    assert.equal(image.config.json.created, '1970-01-01T00:00:01Z');
    assert.equal(image.config.json.architecture, architecture);
    const comments = (image.config.json.history as { comment: string }[]).map(({ comment }) => comment);
    assert.equal(comments.length, 12);
    assert.match(comments[0] ?? '', /^store paths: \['\/nix\/store\/\w{32}-data-1'\]$/);
    assert.equal(comments[10], `store paths: ['${paths.hello}']`);
    const name = await load(t, image);
    assert.equal(await start(name), 'Hello from app\n');
    assert.equal(await start('--entrypoint', 'hello', name), 'Hello from app\n', 'found in PATH');
  });

  test('max-layers: what is less popular shares a layer', async t => {
    const closure = await closureOf(paths.hello);
    const image = openPackageImage(optionsOf({ path: paths.hello, closure, layering: 'popularity', maxLayers: 4 }));
    assert.equal(image.layers.length, 4);
    const roots = async (layer: Layer | undefined) =>
      new Set((await entriesOf(layer)).map(({ name }) => name.split('/')[3]).filter(name => name));
    assert.equal((await roots(image.layers[0])).size, 1);
    assert.equal((await roots(image.layers[2])).size, 9);
    assert.equal(await start(await load(t, image)), 'Hello from app\n');
    const one = openPackageImage(optionsOf({ path: paths.hello, closure, maxLayers: 2 }));
    assert.equal(one.layers.length, 2);
  });

  test('by default its small paths share a layer, and the application has its own', async t => {
    const closure = await closureOf(paths.hello);
    const image = openPackageImage(optionsOf({ path: paths.hello, closure }));
    assert.equal(image.layers.length, 3);
    const roots = async (layer: Layer | undefined) =>
      new Set((await entriesOf(layer)).map(({ name }) => name.split('/')[3]).filter(name => name));
    assert.equal((await roots(image.layers[0])).size, 10);
    assert.deepEqual([...(await roots(image.layers[1]))], [basename(paths.hello)]);
    assert.equal(await start(await load(t, image)), 'Hello from app\n');
  });

  test('the same digest for the same closure, from another store and in another order', async t => {
    const closure = await closureOf(paths.hello, paths.tools);
    const directory = await mkdtemp(join(tmpdir(), 'relocated-store-'));
    t.after(async () => {
      await run('chmod', ['-R', 'u+w', directory]);
      await rm(directory, { recursive: true });
    });
    const locate = (path: string) => path.replace('/nix/store', directory);
    for (const path of closure.keys()) await run('cp', ['--archive', path, locate(path)]);
    const options = optionsOf({ path: paths.hello, contents: [paths.tools], closure, user: 'nobody' });
    const here = openPackageImage(options);
    const there = openPackageImage({ ...options, closure: new Map([...closure].reverse()), locate });
    const digests = [];
    for (const image of [here, here, there]) {
      const packed = await packValid(image, await mkdtemp(join(directory, 'packed-')));
      digests.push(packed.manifest.descriptor.digest);
    }
    assert.equal(new Set(digests).size, 1);
    const identities = (image: Image) => image.layers.map(layer => layer.diffId ?? layer.identity);
    assert.deepEqual(identities(there), identities(here));
    assert.ok(identities(here).every(identity => identity !== undefined));
  });

  test('the same digest from NARs if the store lacks paths, of which only those with names or links are fetched', async t => {
    const contents = [paths.tools, paths['nss-cacert']];
    const closure = await closureOf(paths.pair, ...contents);
    const options = optionsOf({ path: paths.pair, contents, closure, mainProgram: 'second', user: 'nobody' });
    const fetched: string[] = [];
    const missing = {
      // The contents have been built.
      isMissing: (path: string) => !contents.includes(path),
      fetchNar: async (path: string) => void fetched.push(path),
      async *openNar(path: string) {
        for (const piece of writeNar(path)) yield Buffer.from(piece);
      },
    };
    const image = await openMissingPackage(options, missing);
    assert.ok(image !== undefined);
    assert.deepEqual(
      fetched.map(path => path.slice('/nix/store/'.length + 33)),
      ['pair-1.0', 'second-1.0'],
    );
    const digests = [];
    for (const one of [image, openPackageImage(options)]) {
      digests.push((await packValid(one, await temporaryDirectory(t))).manifest.descriptor.digest);
    }
    assert.equal(digests[0], digests[1]);
    const notOne = await openMissingPackage(optionsOf({ path: paths['nss-cacert'], closure }), {
      ...missing,
      isMissing: () => true,
    });
    assert.equal(notOne, undefined, 'it has no bin');
  });

  test('NARs that links lead to are fetched several at a time, a few at most, and none after a fault', async () => {
    const closure = await closureOf(paths.linked);
    const options = optionsOf({ path: paths.linked, closure, mainProgram: 'program-1' });
    let [running, most, count] = [0, 0, 0];
    const missing = (faultAt: number) => ({
      isMissing: () => true,
      async fetchNar() {
        running += 1;
        most = Math.max(most, running);
        await setTimeout(5);
        running -= 1;
        count += 1;
        if (count === faultAt) throw new NarFault('on purpose');
      },
      async *openNar(path: string) {
        for (const piece of writeNar(path)) yield Buffer.from(piece);
      },
    });
    const image = await openMissingPackage(options, missing(0));
    assert.deepEqual([most, count], [8, 31]);
    assert.deepEqual(image?.config.json, openPackageImage(options).config.json);
    assert.equal(image?.layers.length, openPackageImage(options).layers.length);
    count = 0;
    await assert.rejects(openMissingPackage(options, missing(3)), /on purpose/);
    assert.ok(count <= 1 + 2 * 8, String(count));
  });

  test('meta.mainProgram names the program, here a symlink into another store path', async t => {
    const closure = await closureOf(paths.pair);
    const mainProgram = JSON.parse(
      await run('nix', ['eval', ...nixArguments, '--json', installableOf('pair.meta.mainProgram')]),
    );
    const image = openPackageImage(optionsOf({ path: paths.pair, closure, mainProgram }));
    assert.equal(await start(await load(t, image)), 'Hello from two\n');
  });

  test('several programs and no main one: a Failure that lists them, unless the config says what to run', async t => {
    const options = optionsOf({ path: paths.pair, closure: await closureOf(paths.pair) });
    assert.throws(() => openPackageImage(options), failureWith(paths.pair, 'the executables first, second.'));
    assert.throws(
      () => openPackageImage({ ...options, mainProgram: 'README' }),
      failureWith('meta.mainProgram is "README"', 'the executables first, second.'),
    );
    for (const config of [{ Entrypoint: ['/bin/first'] }, { Cmd: ['first'] }]) {
      assert.equal(await start(await load(t, openPackageImage({ ...options, config }))), 'Hello from one\n');
    }
  });

  test('no program at all is a Failure', async () => {
    const path = paths['nss-cacert'];
    const closure = await closureOf(path);
    assert.throws(() => openPackageImage(optionsOf({ path, closure })), failureWith('its bin has no executable'));
  });

  test('contents are linked at the root; CA certificates are found; /tmp is for everyone', async t => {
    const contents = [paths.tools, paths['nss-cacert']];
    const closure = await closureOf(paths.hello, ...contents);
    const image = openPackageImage(optionsOf({ path: paths.hello, contents, closure }));
    const top = (await entriesOf(image.layers.at(-1))).map(({ name, type, mode, linkname }) =>
      [name, type === 'symlink' ? linkname : mode?.toString(8)].join(' '),
    );
    assert.deepEqual(top, [
      '/bin/ 755',
      `/bin/hello ${paths.hello}/bin/hello`,
      `/bin/tool ${paths.tools}/bin/tool`,
      '/etc/ 755',
      '/etc/ssl/ 755',
      '/etc/ssl/certs/ 755',
      `/etc/ssl/certs/ca-bundle.crt ${paths['nss-cacert']}/etc/ssl/certs/ca-bundle.crt`,
      '/etc/tools/ 755',
      `/etc/tools/tools.conf ${paths.tools}/etc/tools/tools.conf`,
      `/sbin ${paths.tools}/sbin`,
      '/tmp/ 1777',
    ]);
    const name = await load(t, image);
    for (const program of ['tool', '/bin/tool', '/sbin/tool']) {
      assert.equal(await start('--entrypoint', program, name), 'Hello from bin\n');
    }
    const [{ Config }] = JSON.parse(await docker.run('image', 'inspect', name));
    assert.deepEqual(Config.Env, ['PATH=/bin', `SSL_CERT_FILE=${paths['nss-cacert']}/etc/ssl/certs/ca-bundle.crt`]);
    const container = (await docker.run('create', '--network', 'none', name)).trim();
    const tmp = await docker.run('cp', `${container}:/tmp`, '-');
    await docker.run('rm', container);
    assert.match(tmp.slice(0, 107), /^tmp\/\0+\d*1777$/);
  });

  test('the user: a number stays a number, a name gets an entry in /etc/passwd', async t => {
    const options = optionsOf({ path: paths.hello, closure: await closureOf(paths.hello) });
    for (const [user, passwd] of [
      ['1000', undefined],
      ['1000:1001', undefined],
      ['nobody', 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n'],
      ['app', 'root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n'],
      ['root', 'root:x:0:0::/:/bin/sh\n'],
    ] as const) {
      const image = openPackageImage({ ...options, user });
      const entries = await entriesOf(image.layers.at(-1));
      assert.equal(entries.find(({ name }) => name === '/etc/passwd')?.content, passwd);
      const name = await load(t, image);
      assert.equal(await docker.run('image', 'inspect', '--format', '{{.Config.User}}', name), `${user}\n`);
      assert.equal(await start(name), 'Hello from app\n');
    }
  });

  test('the config of the user goes over ours, Env by variable', async () => {
    const options = optionsOf({ path: paths.hello, closure: await closureOf(paths.hello), user: '1000' });
    const config = {
      Env: ['LANG=C', 'PATH=/sbin'],
      User: '2000',
      Cmd: ['--help'],
      Labels: { a: 'b' },
      WorkingDir: '/tmp',
    };
    assert.deepEqual(openPackageImage({ ...options, config }).config.json.config, {
      ...config,
      Env: ['PATH=/sbin', 'LANG=C'],
      Entrypoint: [`${paths.hello}/bin/hello`],
    });
    assert.deepEqual(
      openPackageImage({ ...options, config: { Env: null, User: null, Entrypoint: null } }).config.json.config,
      {},
    );
  });

  test('on a base: its layers and config first, its /bin stays', async t => {
    const directory = await temporaryDirectory(t);
    const { image: base } = await open(await buildHello('image-plain'), directory);
    const closure = await closureOf(paths.pair, paths.tools);
    const options = optionsOf({ path: paths.pair, contents: [paths.tools], closure, base, mainProgram: 'first' });
    const image = openPackageImage(options);
    assert.deepEqual(image.layers.slice(0, 2), base.layers);
    assert.deepEqual(image.config.json.config, {
      Env: [`PATH=${paths.pair}/bin:${paths.tools}/bin:/bin`],
      Labels: { 'org.example.built-by': 'nix', 'org.opencontainers.image.title': 'hello' },
      WorkingDir: '/',
      Entrypoint: [`${paths.pair}/bin/first`],
    });
    assert.equal((image.config.json.history as unknown[]).length, image.layers.length);
    const top = (await entriesOf(image.layers.at(-1))).map(({ name }) => name);
    assert.deepEqual(top, ['/etc/', '/etc/tools/', '/etc/tools/tools.conf']);
    const name = await load(t, image);
    assert.equal(await start(name), 'Hello from one\n');
    assert.equal(await start('--entrypoint', '/bin/hello', name), 'Hello from Nix\n');
    assert.equal(await start('--entrypoint', 'tool', name), 'Hello from bin\n');
    const small = openPackageImage({ ...options, maxLayers: 4 });
    assert.equal(small.layers.length, 4);
    assert.throws(() => openPackageImage({ ...options, maxLayers: 3 }), failureWith('with 3 layers: the base has 2'));
    const json = { ...base.config.json, architecture: 'riscv64' };
    assert.throws(
      () => openPackageImage({ ...options, base: { ...base, config: { ...base.config, json } } }),
      failureWith(`the package is for linux/${architecture}, but the base is for linux/riscv64`),
    );
  });

  test('an Entrypoint of ours ends the Cmd of the base, which was for another', async () => {
    const closure = await closureOf(paths.hello);
    const options = optionsOf({
      path: paths.hello,
      closure,
      base: baseOf({ Entrypoint: ['sh'], Cmd: ['-c', 'true'], User: 'app' }),
    });
    const { config } = openPackageImage(options).config.json;
    assert.deepEqual(config, {
      User: 'app',
      Env: [`PATH=${paths.hello}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`],
      Entrypoint: [`${paths.hello}/bin/hello`],
    });
  });

  test('a base whose Env is null has none, and one whose Env is no list is a Failure', async () => {
    const options = optionsOf({ path: paths.hello, closure: await closureOf(paths.hello) });
    const imageOn = (Env: unknown) => openPackageImage({ ...options, base: baseOf({ Env }), config: { Env: ['A=1'] } });
    const { Env } = imageOn(null).config.json.config as { Env: readonly string[] };
    assert.deepEqual(Env.slice(1), ['A=1']);
    assert.throws(() => imageOn('A=1'), failureWith('config.Env of the base image is not a list of strings'));
  });

  test('history of a base that does not fit its layers is made up; that of empty layers is kept', async () => {
    const options = optionsOf({ path: paths.tools, closure: await closureOf(paths.tools) });
    const historyOf = (history: unknown) =>
      openPackageImage({ ...options, base: baseOf({}, history) }).config.json.history;
    const own = { created: '1970-01-01T00:00:01Z', comment: `store paths: ['${paths.tools}']` };
    const fitting = [{ created_by: 'ENV', empty_layer: true }, { created_by: 'COPY' }];
    assert.deepEqual(historyOf(fitting), [...fitting, own]);
    const madeUp = { created: '1970-01-01T00:00:01Z' };
    assert.deepEqual(historyOf(undefined), [madeUp, own]);
    assert.deepEqual(historyOf([{}, {}]), [madeUp, own]);
  });

  for (const [description, change, ...parts] of [
    ['a config that is no object', { config: ['a'] }, 'it is not a JSON object'],
    ['an unknown key of the config', { config: { entrypoint: ['a'] } }, '"entrypoint" is unknown', 'Entrypoint'],
    ['a key of another type', { config: { Cmd: 'a' } }, '"Cmd" is not a list of strings'],
    ['a variable without value', { config: { Env: ['A'] } }, '"Env" is not a list of NAME=value'],
    ['labels that are no strings', { config: { Labels: { a: 1 } } }, '"Labels" is not a map of strings'],
    ['a user that is none', { user: 'me:you:them' }, 'the user "me:you:them"'],
    ['a group by name where there is no /etc/group', { user: '1000:staff' }, 'the user "1000:staff"'],
    ['contents outside the closure', { contents: ['/nix/store/none'] }, '/nix/store/none is missing from its closure'],
    ['layers as they were built', { layering: 'as-built' }, 'layering: as-built', 'a package, which has no layers yet'],
    ['too few layers', { maxLayers: 1 }, 'with 1 layers'],
  ] as const) {
    test(`${description} is a Failure`, async () => {
      const options = optionsOf({ path: paths.hello, closure: await closureOf(paths.hello) });
      assert.throws(() => openPackageImage({ ...options, ...change }), failureWith(...parts));
    });
  }

  test('a closure path outside the store and contents that are a file are Failures', async () => {
    const closure = await closureOf(paths.hello);
    const file = [...closure.keys()].find(path => path.endsWith('-data-1')) ?? '';
    const options = optionsOf({ path: paths.hello, closure });
    const facts = { narHash: '', narSize: 0, references: [] };
    assert.throws(
      () => openPackageImage({ ...options, closure: new Map([...closure, ['/etc/passwd', facts]]) }),
      failureWith('"/etc/passwd" in its closure is not a path in /nix/store'),
    );
    assert.throws(() => openPackageImage({ ...options, contents: [file] }), failureWith(file, 'it is a file'));
    const gone = '/nix/store/00000000000000000000000000000000-gone';
    const withGone = new Map([...closure, [gone, facts]]);
    assert.throws(
      () => openPackageImage({ ...options, closure: withGone, contents: [gone] }),
      failureWith(gone, 'it does not exist'),
    );
  });
});

type Required = Pick<PackageImageOptions, 'path' | 'closure'>;

function optionsOf(options: Required & Partial<PackageImageOptions>): PackageImageOptions {
  return { contents: [], config: {}, architecture, ...options };
}

async function closureOf(...paths: readonly string[]): Promise<PackageImageOptions['closure']> {
  const json = await run('nix', ['path-info', ...nixArguments, '--json', '--recursive', ...paths]);
  const list: { path: string; narHash: string; narSize: number; references: string[] }[] = JSON.parse(json);
  return new Map(list.map(({ path, narHash, narSize, references }) => [path, { narHash, narSize, references }]));
}

/** A base of one layer that is never read. */
function baseOf(config: object, history?: unknown): Image {
  const json = { architecture, os: 'linux', config, ...(history === undefined ? {} : { history }) };
  const layer: Layer = {
    diffId: undefined,
    encoding: 'tar',
    open: () => {
      throw new Error('A layer of the base was read.');
    },
  };
  return { config: { json, bytes: Buffer.from(JSON.stringify(json)) }, layers: [layer] };
}

/** What an independent reader sees in a layer. */
async function entriesOf(layer: Layer | undefined): Promise<(Header & { content: string })[]> {
  assert.ok(layer);
  const entries = [];
  const reader = extract();
  Readable.from(layer.open()).pipe(reader);
  for await (const entry of reader) {
    let content = '';
    for await (const chunk of entry) content += chunk;
    entries.push({ ...entry.header, content });
  }
  return entries;
}
