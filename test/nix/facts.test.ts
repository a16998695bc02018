import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseStreamScript, readScript } from '../../src/image/stream-script.ts';
import { runProgram } from '../../src/lib/process.ts';
import { type BuildTarget, features } from '../../src/nix/build-target.ts';
import { readDerivation } from '../../src/nix/derivation.ts';
import { attributeOf, chooseTarget, evaluateTarget, type Facts, readFacts } from '../../src/nix/facts.ts';
import { newerNixPrograms } from '../support/newer-nix.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { buildFixture, dockertools, flake, inputsOf, openFixtureNix } from './dockertools.ts';

let opened: Awaited<ReturnType<typeof openFixtureNix>>;

before(async () => {
  opened = await openFixtureNix();
});
after(() => opened.runtime.close());

const factsOf = (spec: BuildTarget) => readFacts(opened.nix, inputsOf(spec), opened.runtime);
const installable = (text: string): BuildTarget => ({ kind: 'installable', installable: text });

const nothing: Facts = {
  isDerivation: false,
  hasStream: false,
  streamHasConf: false,
  hasConf: false,
  isExe: null,
  imageName: null,
  imageTag: null,
  mainProgram: null,
  name: null,
  pname: null,
  version: null,
  description: null,
  license: null,
  homepage: null,
  system: null,
};
const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`;
const hello = { ...nothing, isDerivation: true, name: 'hello-1.0', system };
const image = { ...nothing, isDerivation: true, system, imageName: 'hello', imageTag: '1.0' };

for (const [attribute, facts] of Object.entries({
  hello,
  stream: { ...image, name: 'stream-hello', isExe: true, hasConf: true },
  'stream-2024': { ...image, name: 'stream-hello', isExe: true, hasConf: true },
  'layered-2026': { ...image, name: 'hello.tar.gz', isExe: true, hasStream: true, streamHasConf: true },
  'stream-without-conf': { ...image, name: 'stream-hello', isExe: true },
  layered: { ...image, name: 'hello.tar.gz', hasStream: true, streamHasConf: true },
  'layered-without-conf': { ...image, name: 'hello.tar.gz', hasStream: true },
  other: hello,
  thrown: hello,
  described: {
    ...hello,
    pname: 'hello',
    version: '1.0',
    description: 'Says hello',
    homepage: 'https://example.org/hello',
    license: 'MIT',
    mainProgram: 'hello',
  },
})) {
  test(`facts of ${attribute}`, async () => {
    assert.deepEqual(await factsOf(dockertools(attribute)), facts);
  });
}

for (const [attribute, others] of Object.entries({
  hello: [],
  'stream-without-conf': [],
  stream: ['conf'],
  layered: ['stream', 'stream.conf'],
  'layered-without-conf': ['stream'],
})) {
  test(`derivations of ${attribute}`, async () => {
    const { nix, runtime } = opened;
    const evaluated = await evaluateTarget(nix, inputsOf(dockertools(attribute)), runtime);
    assert.deepEqual(evaluated?.facts, await factsOf(dockertools(attribute)));
    const found = await Promise.all(
      ['', ...others].map(async other => {
        const target = dockertools([attribute, other].filter(Boolean).join('.'));
        return [other, await readDerivation(nix, inputsOf(target), runtime)];
      }),
    );
    const known = Object.entries(evaluated?.derivations ?? {}).filter(([, drvPath]) => drvPath !== null);
    assert.deepEqual(known, found);
  });
}

test('facts of a file, of a function with default arguments, and of what is no package', async () => {
  const file = (attr?: string): BuildTarget => ({ kind: 'file', file: 'dockertools/file.nix', ...(attr && { attr }) });
  assert.deepEqual(await factsOf(file()), { ...nothing, version: '1.0' });
  assert.deepEqual(await factsOf(file('package')), { ...nothing, isDerivation: true, name: 'package', system });
  assert.deepEqual(await factsOf(file('licensed.two')), nothing);
  assert.equal((await factsOf(file('licensed.one')))?.license, 'MIT');
  assert.equal((await factsOf(file('licensed.text')))?.license, null);
});

test('a target that cannot be evaluated has no facts, and the build reports why', async () => {
  for (const spec of [
    dockertools('nothing'),
    installable('path:./none#x'),
    { kind: 'file', file: 'none.nix' },
  ] as const) {
    assert.equal(await factsOf(spec), undefined);
    await assert.rejects(buildFixture(opened, spec), /^Failure: Cannot build /);
  }
  assert.ok(opened.runtime.lines.some(line => /^debug: No facts: .*nothing/s.test(line)));
});

test('the old defaultPackage has facts, and is built as a whole', async t => {
  const directory = await temporaryDirectory(t);
  const images = `import ${flake}/images.nix "${system}"`;
  await writeFile(
    join(directory, 'flake.nix'),
    `{ outputs = { self }: { defaultPackage.${system} = (${images}).stream; }; }`,
  );
  const spec = installable(`path:${directory}`);
  const facts = await readFacts(opened.nix, { ...inputsOf(spec), impure: true }, opened.runtime);
  assert.deepEqual(facts, { ...image, name: 'stream-hello', isExe: true });
  assert.deepEqual(chooseTarget(spec, facts, auto), spec);
});

test('a store path has no facts', async () => {
  const path = await buildFixture(opened, dockertools('hello'));
  assert.equal(await factsOf(installable(path)), undefined);
});

test('the environment is seen by an impure evaluation only', async () => {
  const { nix, runtime } = opened;
  const inputs = inputsOf({ kind: 'installable', installable: 'path:./failing#needs-impure' });
  assert.equal(await readFacts(nix, inputs, runtime), undefined);
  assert.equal((await readFacts(nix, { ...inputs, impure: true }, runtime))?.name, 'needs-impure');
});

test('arguments of the build count', async () => {
  const inputs = { ...inputsOf(dockertools('hello')), buildArgs: ['--nonsense'] };
  assert.equal(await readFacts(opened.nix, inputs, opened.runtime), undefined);
});

/** Facts of all attributes of an attribute of the fixture, which must be packages. */
async function factsOfEach(attribute: string, { nix, runtime } = opened) {
  const args = ['eval', ...features, '--json', '--apply', 'builtins.attrNames', `path:${flake}#${attribute}`];
  const names: string[] = JSON.parse((await runProgram(nix.program, args, { env: nix.env })).stdout);
  assert.ok(names.length > 0);
  return new Map(
    await Promise.all(
      names.map(
        async name => [name, await readFacts(nix, inputsOf(dockertools(`${attribute}.${name}`)), runtime)] as const,
      ),
    ),
  );
}

for (const [version, path] of [
  ['the Nix of the machine', undefined],
  ['Nix 2.34', newerNixPrograms],
] as const) {
  test(`attributes of an image count only if what is built is made of them, with ${version}`, async t => {
    const nix = path === undefined ? opened : await openFixtureNix(path);
    if (nix !== opened) t.after(() => nix.runtime.close());
    if (path !== undefined) assert.match(nix.nix.version, /^2\.3/);
    for (const attribute of ['overridden.streams', 'overridden.archives']) {
      for (const [name, facts] of await factsOfEach(attribute, nix)) {
        assert.ok(facts?.isDerivation, name);
        assert.deepEqual({ name, ...usesOf(facts) }, { name, hasStream: false, streamHasConf: false, hasConf: false });
      }
    }
    for (const [name, facts] of await factsOfEach('overridden.same', nix)) {
      assert.deepEqual({ name, ...usesOf(facts) }, { name, hasStream: false, streamHasConf: false, hasConf: true });
    }
    const inputs = inputsOf(dockertools('overridden.archive-of-patched-stream'));
    const facts = await readFacts(nix.nix, inputs, nix.runtime);
    assert.deepEqual(usesOf(facts), { hasStream: true, streamHasConf: false, hasConf: false });
  });
}

function usesOf(facts: Facts | undefined) {
  return { hasStream: facts?.hasStream, streamHasConf: facts?.streamHasConf, hasConf: facts?.hasConf };
}

test('an archive that passes on what its stream shows is built if the stream is not wanted', async () => {
  const spec = dockertools('layered-2026');
  const facts = await factsOf(spec);
  assert.deepEqual(chooseTarget(spec, facts, { ...auto, preferStream: false }), spec);
  assert.deepEqual(chooseTarget(spec, facts, auto), dockertools('layered-2026.stream.conf'));
});

test('an image whose settings were changed afterwards is the changed one', async () => {
  const spec = dockertools('overridden.streams.module-with-patched-conf');
  const path = await buildFixture(opened, chooseTarget(spec, await factsOf(spec), auto));
  const { settings } = parseStreamScript(readScript(path)) ?? assert.fail(path);
  assert.match(await readFile(settings, 'utf8'), /"repo_tag": "hello:2\.0"/);
});

const auto = { native: 'auto', preferStream: true } as const;
const spec = installable('.#image');

for (const [description, facts, preference, expected] of [
  ['nothing is known', undefined, auto, '.#image'],
  ['it is a package', hello, auto, '.#image'],
  ['it is a stream with settings', { ...image, hasConf: true }, auto, '.#image.conf'],
  ['native is required', { ...image, hasConf: true }, { ...auto, native: 'require' }, '.#image.conf'],
  ['native is off', { ...image, hasConf: true }, { ...auto, native: 'off' }, '.#image'],
  ['it is a stream without settings', { ...image, isExe: true }, auto, '.#image'],
  ['there is a stream with settings', { ...image, hasStream: true, streamHasConf: true }, auto, '.#image.stream.conf'],
  [
    'there is a stream, native is off',
    { ...image, hasStream: true, streamHasConf: true },
    { ...auto, native: 'off' },
    '.#image.stream',
  ],
  ['there is a stream without settings', { ...image, hasStream: true }, auto, '.#image.stream'],
  [
    'the stream is not wanted',
    { ...image, hasStream: true, streamHasConf: true },
    { ...auto, preferStream: false },
    '.#image',
  ],
] as const) {
  test(`what is built when ${description}`, () => {
    assert.deepEqual(chooseTarget(spec, facts, preference), installable(expected));
  });
}

test('an attribute of an installable', () => {
  for (const [text, expected] of [
    ['.#image', '.#image.conf'],
    ['.', '.#default.conf'],
    ['.#', '.#default.conf'],
    ['github:acme/app?dir=nix#packages.x86_64-linux.image', 'github:acme/app?dir=nix#packages.x86_64-linux.image.conf'],
    ['.#"my.image"', '.#"my.image".conf'],
    [
      'path:/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-source#image',
      'path:/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-source#image.conf',
    ],
    [
      '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-source#image',
      '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-source#image.conf',
    ],
  ] as const) {
    assert.deepEqual(attributeOf(installable(text), ['conf']), installable(expected));
  }
  for (const text of [
    '.#image^out',
    '.^*',
    '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-image.drv',
    '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-image/layer.tar',
  ]) {
    assert.equal(attributeOf(installable(text), ['conf']), undefined);
  }
});

test('an attribute of a file', () => {
  const file = { kind: 'file', file: 'image.nix' } as const;
  assert.deepEqual(attributeOf(file, ['stream', 'conf']), { ...file, attr: 'stream.conf' });
  assert.deepEqual(attributeOf({ ...file, attr: 'image' }, ['conf']), { ...file, attr: 'image.conf' });
  assert.deepEqual(attributeOf(file), file);
});
