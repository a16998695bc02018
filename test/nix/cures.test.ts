import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Failure } from '../../src/lib/failure.ts';
import { runProgram } from '../../src/lib/process.ts';
import { build } from '../../src/nix/build.ts';
import type { BuildInputs } from '../../src/nix/build-target.ts';
import { readFacts } from '../../src/nix/facts.ts';
import type { Nix } from '../../src/nix/toolchain.ts';
import { asRoot } from '../support/as-root.ts';
import { openNixVersions } from '../support/nix-versions.ts';
import { run } from '../support/run.ts';
import { writeProgram } from '../support/write-program.ts';
import { openTestRuntime, type TestRuntime } from './test-runtime.ts';

const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`;
const foreign = 'riscv64-linux';
const zeros = `sha256-${'A'.repeat(43)}=`;
const hashOfX = 'sha256-c8s4WKaHqElMozIwUwFigvPa051Cz2LKTnndoqrH2aw=';

/** Errors of nixpkgs in its own words, which its versions from 2016 to 2026 have in common, and those of the newest. */
const unfree =
  'Package ‘shop-1.0’ in /nix/store/nixpkgs/shop.nix:7 has an unfree license (‘unfree’), refusing to evaluate.';
const unfreeNow =
  "Refusing to evaluate package 'shop-1.0' in /nix/store/nixpkgs/shop.nix:7 because it has an unfree license ('unfree')";
const insecure = 'Package ‘old-2.7’ in /nix/store/nixpkgs/old.nix:7 is marked as insecure, refusing to evaluate.';
const insecureNow =
  "Refusing to evaluate package 'old-2.7' in /nix/store/nixpkgs/old.nix:7 because it is marked as insecure";

const directory = await realpath(await mkdtemp(join(tmpdir(), 'nix-test-')));
// Not in the checkout, which is searched for hashes.
const stores = await realpath(await mkdtemp(join(tmpdir(), 'nix-test-stores-')));
let server: Server;
let programs: readonly string[];

before(async () => {
  programs = await openNixVersions();
  server = createServer(({ url }, answer) => {
    if (url === '/file') return answer.end('hello');
    answer.writeHead(403, 'rate limit exceeded', { 'content-type': 'application/json' });
    answer.end('{"message":"API rate limit exceeded for 192.0.2.1."}');
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await writeProject(directory, `http://127.0.0.1:${port}/repos`);
});
after(async () => {
  server.close();
  for (const made of [directory, stores]) await rm(made, { recursive: true, force: true });
});

/** A checkout whose flake has one attribute for each trap. */
async function writeProject(at: string, limited: string): Promise<void> {
  const flake = `{
  outputs = { self }:
    let
      make = name: script: more: derivation ({
        name = "\${name}-${basename(at)}";
        system = "${system}";
        builder = "/bin/sh";
        args = [ "-c" script ];
      } // more);
    in {
      packages.${system} = { image = make "image" "echo > $out" {}; imagine = self.none; server = self.none; "home-\${builtins.getEnv "HOME"}" = self.none; };
      packages.${foreign}.other = self.none;
      untracked = import ./image.nix;
      thrown = throw "not for sale";
      asserted = assert self.packages == 2; null;
      unfree = throw "${unfree}";
      insecure = throw "${insecure}";
      unfree-now = throw "${unfreeNow}";
      insecure-now = throw "${insecureNow}";
      foreign = make "foreign" "exit 1" { system = "${foreign}"; };
      vm = make "vm" "exit 1" { requiredSystemFeatures = [ "kvm" ]; };
      features = make "features" "exit 1" { requiredSystemFeatures = [ "quantum" ]; };
      limited = builtins.fetchurl "${limited}";
      fetched = builtins.fetchurl { url = "${limited.replace('/repos', '/file')}"; sha256 = "${'0'.repeat(51)}1"; };
      mismatch = make "mismatch" "echo x > $out" {
        outputHashAlgo = "sha256";
        outputHashMode = "flat";
        outputHash = "${zeros}";
      };
      killed = make "killed" "kill -9 $$" {};
      memory = make "memory" "echo compiling; exit 137" {};
      local = make "local" "exit 1" {};
      full = make "full" "x=0123456789abcdef; x=$x$x$x$x; x=$x$x$x$x; while echo $x$x$x$x; do :; done > $out" {};
    };
}
`;
  await writeFile(join(at, 'flake.nix'), flake);
  await writeFile(join(at, 'image.nix'), '{ }');
  await writeFile(join(at, 'set.nix'), '{ image = 1; imagine = 2; server = 3; nested.tool = 4; }');
  await writeFile(join(at, 'broken.nix'), '{\n  a = ;\n}');
  await writeLocked(join(at, 'locked'));
  await run('git', ['-C', at, 'init', '--quiet']);
  await run('git', ['-C', at, 'add', 'flake.nix', 'locked']);
}

/** A flake with an input and without a lock file. */
async function writeLocked(at: string): Promise<void> {
  await mkdir(join(at, 'input'), { recursive: true });
  await writeFile(join(at, 'input/flake.nix'), '{ outputs = { self }: { }; }');
  const inputs = `inputs.input.url = "path:${at}/input";`;
  await writeFile(
    join(at, 'flake.nix'),
    `{ ${inputs} outputs = { self, input }: { x = derivation { name = "x"; system = "x"; builder = "x"; }; }; }`,
  );
}

const settings = ['sandbox false', 'build-users-group ', 'substituters ', 'download-attempts 1'].flatMap(setting => {
  const [name = '', value = ''] = setting.split(' ');
  return ['--option', name, value];
});

interface Trial {
  readonly target: BuildInputs['target'];
  readonly buildArgs?: readonly string[];
  readonly impure?: boolean;
  /** Shell script that stands in for Nix's program, which it calls NIX. */
  readonly wrapper?: string;
}

/** Builds with a Nix, which must fail. */
async function fail(
  program: string,
  { target, buildArgs = [], impure = true, wrapper }: Trial,
): Promise<Failure & { lines: readonly string[] }> {
  const runtime = await openTestRuntime(process.env, directory);
  try {
    const wrapped =
      wrapper === undefined ? program : await writeProgram(runtime.temporary, 'nix', wrapper.replace('NIX', program));
    const inputs = { target, buildArgs: [...settings, ...buildArgs], impure };
    await build(nixOf(wrapped, runtime), inputs, runtime);
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return Object.assign(error, { lines: runtime.lines });
  } finally {
    await runtime.close();
  }
  return assert.fail('built');
}

function nixOf(program: string, { env }: TestRuntime): Nix {
  return { program, env, exec: runProgram, version: '', installed: false };
}

const attribute = (name: string) => ({ target: { kind: 'installable', installable: `.#${name}` } }) as const;
const ofFile = (attr: string) => ({ target: { kind: 'file', file: 'set.nix', attr } }) as const;

/** Nobody listens there. */
const nobody = 'http://127.0.0.1:9';
const smallDisk = '/tmp/nix-test-small-disk';
const onSmallDisk = `mkdir -p ${smallDisk}; exec ${asRoot(['unshare', '--mount']).join(' ')} sh -c 'mount -t tmpfs -o size=40m tmpfs ${smallDisk} && exec "$0" "$@"' NIX "$@"`;

/** As a user who is not root and may make no further namespaces. */
const withoutNamespaces =
  'exec unshare --user --map-user=65534 --map-group=0 --keep-caps sh -c \'echo 0 > /proc/sys/user/max_user_namespaces; exec "$0" "$@"\' NIX "$@"';
const refusedSandbox = (store: string) => [
  '--option',
  'sandbox',
  'true',
  '--option',
  'sandbox-fallback',
  'false',
  '--store',
  store,
];

for (const [i, version] of ['2.8', '2.26', '2.34'].entries()) {
  suite(`Nix ${version}`, { concurrency: 2 }, () => {
    const failWith = (trial: Trial) => fail(programs[i] ?? '', trial);

    const cures: [string, Trial, RegExp][] = [
      [
        'a file that Git does not track',
        attribute('untracked'),
        /\nThe file image\.nix exists, but (?:Git does not track it, .* Run: git add image\.nix$|Nix did not copy it: Git does not track it \(run: git add image\.nix\), or .* export-ignore)/,
      ],
      [
        'an unfree package',
        attribute('unfree'),
        /\nThe license of shop-1\.0 is unfree, .*config\.allowUnfree = true.*NIXPKGS_ALLOW_UNFREE: 1/,
      ],
      [
        'an insecure package',
        attribute('insecure'),
        /\nold-2\.7 has known .*permittedInsecurePackages = \[ "old-2\.7" \]/,
      ],
      ['an unfree package of a newer nixpkgs', attribute('unfree-now'), /\nThe license of shop-1\.0 is unfree, /],
      ['an insecure package of a newer nixpkgs', attribute('insecure-now'), /\nold-2\.7 has known /],
      ['a missing attribute', attribute('imagf'), /\nThe nearest names that exist: image, imagine, /],
      [
        'a missing attribute of a pure evaluation, which does not see the environment',
        { ...attribute('home'), impure: false },
        /\nThe nearest names that exist: home-, /,
      ],
      ['a package for another system', attribute('othre'), new RegExp(`exist: packages\\.${foreign}\\.other, `)],
      [
        'a missing attribute of a file',
        ofFile('imag'),
        /\nThe nearest names that exist: image, imagine, nested, server\.$/,
      ],
      ['a missing attribute in a set of a file', ofFile('nested.tol'), /\nThe nearest names that exist: tool\.$/],
      [
        'another system',
        attribute('foreign'),
        new RegExp(
          `\\nThis machine is ${system} and cannot build for ${foreign}: .*extra-platforms = ${foreign}.* builders\\.$`,
        ),
      ],
      [
        'no KVM',
        { ...attribute('vm'), buildArgs: ['--option', 'system-features', 'benchmark'] },
        /\nThe build starts a virtual machine \(runAsRoot.* needs KVM/,
      ],
      ['another system feature', attribute('features'), /\nNo machine offers the system features quantum: /],
      ["GitHub's rate limit", attribute('limited'), /\nGitHub's rate limit is reached: set github-token/],
      [
        'a builder that is killed',
        attribute('killed'),
        /failed due to signal 9.*\nThe kernel probably ended it because memory ran out: /s,
      ],
      [
        'a builder that exits with 137',
        attribute('memory'),
        /failed with exit code 137.*\nThe kernel probably ended it because memory ran out: /s,
      ],
    ];
    cures.push(
      [
        'a full disk',
        {
          ...attribute('full'),
          buildArgs: ['--store', smallDisk, '--option', 'sandbox-paths', '/bin/sh=/bin/bash-static'],
          wrapper: onSmallDisk,
        },
        // What fills the store is left out while another process locks the database.
        /\nThe disk is full: on that of \/nix\/store [\d.]+ \w?B of [\d.]+ \w?B are free\.(?: The store has [\d.]+ \w?B, of which the largest are (?:\S+ [\d.]+ \w?B, ){4}.*)? Delete preinstalled software/,
      ],
      [
        'a sandbox that the kernel refuses',
        { ...attribute('local'), buildArgs: refusedSandbox(join(stores, String(i))), wrapper: withoutNamespaces },
        /\nThe kernel refuses the sandbox of Nix: put "sandbox = false" into nix-conf/,
      ],
      [
        'a lock file that may not be written',
        { target: { kind: 'installable', installable: './locked#x' }, buildArgs: ['--no-update-lock-file'] },
        /\nThe flake\.lock is missing, out of date or not tracked by Git, .* git add flake\.lock/,
      ],
    );
    for (const [name, trial, expected] of cures) {
      test(name, async () => {
        const { message } = await failWith(trial);
        assert.match(message, expected);
      });
    }

    test('a binary cache that cannot be reached', async () => {
      const { lines } = await failWith({ ...attribute('local'), buildArgs: ['--option', 'substituters', nobody] });
      const cured = lines.filter(line => line.includes(`The binary cache ${nobody} cannot be reached`));
      assert.equal(cured.length, 1, lines.join('\n'));
      assert.match(cured[0] ?? '', /^warning: unable to download .*\n.* check substituters in nix-conf/);
    });

    test('a lock file that Nix writes', async t => {
      const project = await realpath(await mkdtemp(join(tmpdir(), 'nix-test-')));
      t.after(() => rm(project, { recursive: true }));
      await writeLocked(project);
      const runtime = await openTestRuntime(process.env, project);
      t.after(() => runtime.close());
      const inputs = {
        target: { kind: 'installable', installable: 'path:.#x' },
        buildArgs: settings,
        impure: false,
      } as const;
      assert.notEqual(await readFacts(nixOf(programs[i] ?? '', runtime), inputs, runtime), undefined);
      const [warning = ''] = runtime.lines;
      assert.match(
        warning,
        /^warning: creating lock file .*\n(?:.*\n)*The flake\.lock is missing, out of date or not tracked/,
      );
    });

    test('an error of the evaluation has its place in the checkout', async () => {
      const flake = (await readFile(join(directory, 'flake.nix'), 'utf8')).split('\n');
      const lineOf = (name: string) => flake.findIndex(line => line.includes(`${name} = `)) + 1;
      assert.deepEqual((await failWith(attribute('asserted'))).place, { file: 'flake.nix', line: lineOf('asserted') });
      // Nix 2.8 does not say where.
      const thrown = version === '2.8' ? undefined : { file: 'flake.nix', line: lineOf('thrown') };
      assert.deepEqual((await failWith(attribute('thrown'))).place, thrown);
      const { place } = await failWith({ target: { kind: 'file', file: 'broken.nix' } });
      assert.deepEqual(place, { file: 'broken.nix', line: 2 });
    });

    test('a hash mismatch has the line with the hash and the right one', async () => {
      const { place, message } = await failWith(attribute('mismatch'));
      const flake = (await readFile(join(directory, 'flake.nix'), 'utf8')).split('\n');
      assert.deepEqual(place, { file: 'flake.nix', line: flake.findIndex(line => line.includes(zeros)) + 1 });
      assert.ok(message.includes(`replace the hash at flake.nix:${place?.line} by ${hashOfX};`), message);
      const fetched = await failWith(attribute('fetched'));
      const line = flake.findIndex(text => text.includes('fetched = ')) + 1;
      assert.deepEqual(fetched.place, { file: 'flake.nix', line });
      assert.match(fetched.message, new RegExp(`replace the hash at flake\\.nix:${line} by sha256:094qif9n4cq4`));
    });

    test('the whole log of a builder is kept, without secrets', async t => {
      const runtime = await openTestRuntime(process.env, directory);
      t.after(() => runtime.close());
      runtime.log.secret('compil');
      const inputs = { ...attribute('memory'), buildArgs: settings, impure: false };
      const failure = await build(nixOf(programs[i] ?? '', runtime), inputs, runtime).then(
        () => undefined,
        error => error,
      );
      assert.ok(failure instanceof Failure);
      const { name = '', tail = [], file = '' } = failure.log ?? {};
      assert.equal(name, `memory-${basename(directory)}`);
      assert.deepEqual(tail, ['compiling']);
      assert.equal(await readFile(file, 'utf8'), '***ing\n');
      assert.ok(file.startsWith(runtime.temporary));
    });
  });
}
