import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Failure } from '../../src/lib/failure.ts';
import { build } from '../../src/nix/build.ts';
import type { BuildInputs, BuildTarget } from '../../src/nix/build-target.ts';
import { openNix } from '../../src/nix/open-nix.ts';
import type { Nix } from '../../src/nix/toolchain.ts';
import { run } from '../support/run.ts';
import { openTestRuntime, type TestRuntime } from './test-runtime.ts';

const flake = `{
  outputs = { self }: let
    make = name: command: derivation {
      inherit name;
      system = "SYSTEM";
      builder = "/bin/sh";
      args = [ "-c" command ];
    };
  in {
    good = make "good" "echo one; echo two >&2; echo built > $out";
    bad = make "bad" "i=0; while [ $i -lt 30 ]; do echo line $i; i=$((i+1)); done; exit 3";
    silent = make "silent" "exit 0";
    thrown = throw "not for sale";
    impure = make "impure-\${builtins.getEnv "FLAVOUR"}" "echo > $out";
    warned = builtins.trace "warning: old" (make "warned" "echo > $out");
  };
}
`;
const file = `{
  named = derivation { name = "named"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo > $out" ]; };
}
`;
const multiple = `derivation {
  name = "multiple"; system = builtins.currentSystem; builder = "/bin/sh";
  outputs = [ "bin" "man" ]; args = [ "-c" "echo > $bin; echo > $man" ];
}
`;

let nix: Nix;
let system: string;

before(async () => {
  const runtime = await openTestRuntime(process.env, process.cwd());
  nix = await openNix(
    { nixConf: ['substituters =', 'build-users-group ='] },
    { ...runtime, env: { ...runtime.env, FLAVOUR: 'mint' } },
  );
  system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`;
  await runtime.close();
});

async function openProject(t: TestContext): Promise<TestRuntime> {
  const directory = await mkdtemp(join(tmpdir(), 'nix-test-'));
  const runtime = await openTestRuntime(process.env, directory);
  t.after(async () => {
    await runtime.close();
    await rm(directory, { recursive: true });
  });
  await writeFile(join(directory, 'flake.nix'), flake.replace('SYSTEM', system));
  await writeFile(join(directory, 'image.nix'), file);
  await writeFile(join(directory, 'multiple.nix'), multiple);
  await writeFile(join(directory, 'broken.nix'), '{ a = ');
  return runtime;
}

const installable = (attribute: string): BuildTarget => ({ kind: 'installable', installable: `path:.#${attribute}` });

/** Marks the build as new, so that it runs however often the tests ran. */
async function makeNew(runtime: TestRuntime): Promise<void> {
  const path = join(runtime.directory, 'flake.nix');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replaceAll('"echo one', `"# ${runtime.directory}\necho one`));
}

function buildHere(runtime: TestRuntime, spec: BuildTarget, inputs: Partial<BuildInputs> = {}) {
  return build(nix, { target: spec, buildArgs: ['--option', 'sandbox', 'false'], impure: false, ...inputs }, runtime);
}

async function failureOf(built: Promise<unknown>): Promise<string> {
  const error = await built.then(
    () => assert.fail('built'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Failure, String(error));
  return error.message;
}

test('a flake is built and its log shown', async t => {
  const runtime = await openProject(t);
  await makeNew(runtime);
  const built = await buildHere(runtime, installable('good'));
  assert.match(built.path, /^\/nix\/store\/[0-9a-z]{32}-good$/);
  assert.match(built.drvPath ?? '', /^\/nix\/store\/[0-9a-z]{32}-good\.drv$/);
  assert.equal(await readFile(built.path, 'utf8'), 'built\n');
  const [link = ''] = (await readdir(runtime.temporary)).filter(name => name.startsWith('result-'));
  assert.equal(await readlink(join(runtime.temporary, link)), built.path);
  const shown = runtime.lines.filter(line => /good/.test(line) && !/\.drv$/.test(line));
  assert.deepEqual(shown, ['info: building good', 'info: good> one', 'info: good> two']);
});

test('a builder that fails is named with the end of its log', async t => {
  const runtime = await openProject(t);
  const message = await failureOf(buildHere(runtime, installable('bad')));
  const [first, ...rest] = message.split('\n');
  const derivation = /\(([^)]+)\)/.exec(first ?? '')?.[1];
  assert.equal(first, `Cannot build path:.#bad: builder of 'bad' (${derivation}) failed with exit code 3.`);
  assert.match(derivation ?? '', /^\/nix\/store\/[0-9a-z]{32}-bad\.drv$/);
  assert.deepEqual(
    rest.slice(0, -1),
    Array.from({ length: 25 }, (_, index) => `  line ${index + 5}`),
  );
  assert.equal(rest.at(-1), `The full log is above; or run, on the machine that built it: nix log ${derivation}`);
});

test('a builder that makes no output is named', async t => {
  const runtime = await openProject(t);
  const message = await failureOf(buildHere(runtime, installable('silent')));
  assert.match(message, /builder of 'silent' \(\S+\) failed to produce output path/);
});

const refused: readonly [string, BuildTarget, RegExp][] = [
  [
    'a missing attribute',
    installable('nothing'),
    /^Cannot build path:\.#nothing: flake '.*' does not provide attribute/,
  ],
  ['a throw', installable('thrown'), /^Cannot build path:\.#thrown: .*not for sale/s],
  ['a missing file', { kind: 'file', file: 'none.nix' }, /^Cannot build none\.nix: .*none\.nix/],
  [
    'a syntax error',
    { kind: 'file', file: 'broken.nix', attr: 'a' },
    /^Cannot build a of broken\.nix: .*syntax error/s,
  ],
  [
    'an attribute that a file has not',
    { kind: 'file', file: 'image.nix', attr: 'b' },
    /^Cannot build b of image\.nix: .*'b'/s,
  ],
  ['what looks like an option', { kind: 'installable', installable: '--help' }, /^Cannot build --help: /],
];
for (const [name, spec, expected] of refused) {
  test(`${name} is reported in Nix's words`, async t => {
    const runtime = await openProject(t);
    const message = await failureOf(buildHere(runtime, spec));
    assert.match(message, expected);
    assert.equal(message, stripVTControlCharacters(message));
    assert.doesNotMatch(message, /^Cannot build [^:]+: error:/);
  });
}

test('an error that goes on for long is bounded', async t => {
  const runtime = await openProject(t);
  await writeFile(join(runtime.directory, 'long.nix'), `throw "first ${'x'.repeat(20_000)} last"`);
  const message = await failureOf(buildHere(runtime, { kind: 'file', file: 'long.nix' }));
  assert.ok(message.length < 4100, `${message.length}`);
  assert.match(message, /x\n…\nx/);
  assert.match(message, / last/);
});

test('an option that Nix does not know is reported', async t => {
  const runtime = await openProject(t);
  const message = await failureOf(buildHere(runtime, installable('good'), { buildArgs: ['--nonsense'] }));
  assert.match(message, /^Cannot build path:\.#good: unrecognised flag '--nonsense'/);
});

test('a setting that Nix cannot read is reported', async t => {
  const runtime = await openProject(t);
  const bad = { ...nix, env: { ...nix.env, NIX_CONFIG: 'no setting' } };
  const message = await failureOf(build(bad, { target: installable('good'), buildArgs: [], impure: false }, runtime));
  assert.match(message, /^Cannot build path:\.#good: .*configuration line 'no setting'/);
});

test('the environment is seen by an impure build only', async t => {
  const runtime = await openProject(t);
  assert.match((await buildHere(runtime, installable('impure'), { impure: true })).path, /-impure-mint$/);
  assert.match((await buildHere(runtime, installable('impure'))).path, /-impure-$/);
});

test('an attribute of a file is built, without a flake', async t => {
  const runtime = await openProject(t);
  const built = await buildHere(runtime, { kind: 'file', file: 'image.nix', attr: 'named' });
  assert.match(built.path, /-named$/);
});

test('a file is built as a whole; without an output "out" the first output counts', async t => {
  const runtime = await openProject(t);
  const built = await buildHere(runtime, { kind: 'file', file: 'multiple.nix' });
  assert.match(built.path, /-multiple-bin$/);
});

test('a store path is used unchanged', async t => {
  const runtime = await openProject(t);
  const { path } = await buildHere(runtime, installable('good'));
  assert.deepEqual(await buildHere(runtime, { kind: 'installable', installable: path }), {
    path,
    work: { built: 0, substituted: 0, builds: [] },
  });
});

test('more than one result is refused', async t => {
  const runtime = await openProject(t);
  const two = buildHere(runtime, installable('good'), { buildArgs: ['--option', 'sandbox', 'false', 'path:.#impure'] });
  assert.match(
    await failureOf(two),
    /^Cannot build path:\.#good: it evaluates to 2 derivations, and an image is one derivation/,
  );
});

test('a warning of the evaluation is a warning', async t => {
  const runtime = await openProject(t);
  await buildHere(runtime, installable('warned'));
  assert.ok(runtime.lines.includes('warning: old'), runtime.lines.join('\n'));
});

test('a file that Git does not track is named', async t => {
  const runtime = await openProject(t);
  await writeFile(join(runtime.directory, 'image.nix'), '{ }');
  await writeFile(join(runtime.directory, 'flake.nix'), '{ outputs = { self }: { image = import ./image.nix; }; }');
  await run('git', ['-C', runtime.directory, 'init', '--quiet']);
  await run('git', ['-C', runtime.directory, 'add', 'flake.nix']);
  const spec = { kind: 'installable', installable: '.#image' } as const;
  const message = /The file image\.nix exists, but .*Git does not track it.*git add image\.nix/;
  await assert.rejects(build(nix, { target: spec, buildArgs: [], impure: false }, runtime), message);
});
