import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parse } from 'yaml';
import { root } from './e2e/run-step.ts';
import { runMode } from './stages/run-mode.ts';
import { copyNixpkgs } from './support/debian-trees.ts';
import { startDistribution } from './support/distribution.ts';
import { startDocker } from './support/docker.ts';
import { nixArguments } from './support/nix-build.ts';
import { run } from './support/run.ts';

/**
 * A package whose builder needs only what the image with the command has. Nix kills a builder that closes its output, as
 * coreutils do shortly before they end, so the last command is the shell's own.
 */
const greeting = `derivation {
  name = "greeting";
  system = builtins.currentSystem;
  builder = "/bin/sh";
  args = [ "-euc" ''
    mkdir -p $out/bin
    touch $out/bin/greeting
    chmod +x $out/bin/greeting
    echo "#!/bin/sh" > $out/bin/greeting
  '' ];
  PATH = "/bin";
}`;

/** The flake of the project as a forge serves it: an archive without what `export-ignore` leaves out. */
suite('the flake of the project', () => {
  let directory: string;
  let nixpkgs: string;
  let archive: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'flake-'));
    nixpkgs = await copyNixpkgs();
    archive = join(directory, 'archive.tar.gz');
    await run('git', ['archive', '--worktree-attributes', '--prefix=it/', `--output=${archive}`, 'HEAD'], {
      cwd: root,
    });
  });
  after(() => Promise.all([nixpkgs, directory].map(path => rm(path, { recursive: true }))));

  const nix = (subcommand: readonly string[], flake: string, ...args: readonly string[]) =>
    run('nix', [...nixArguments, ...[...subcommand, '--override-input', 'nixpkgs', `path:${nixpkgs}`, flake, ...args]]);

  test('nix run runs the local command of this version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const ran = await nix(['run', '--no-write-lock-file'], `file://${archive}`, '--', '--version');
    assert.equal(ran, `${version}\n`);
  });

  test('nix flake check passes, and evaluates all outputs', async () => {
    await nix(['flake', 'check', '--no-write-lock-file'], `file://${archive}`);
  });

  test('the image that a release builds of the command builds images', async t => {
    await run('tar', ['-xzf', archive, '-C', directory]);
    const flake = join(directory, 'it');
    await nix(['flake', 'lock'], `path:${flake}`);
    const { jobs } = parse(await readFile(join(root, '.github/workflows/release.yml'), 'utf8'));
    const { with: given } = jobs.image.steps.find(({ uses }: { uses: string }) => uses === './');
    const [registry, docker] = await Promise.all([startDistribution(), startDocker()]);
    t.after(() => Promise.all([registry.close(), docker.close()]));
    const image = `${registry.host}/org/nix-image:tested`;
    const system = process.arch === 'arm64' ? 'aarch64-linux' : 'x86_64-linux';
    const inputs = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, String(value).replace(/\$\{\{ matrix\.system \}\}/, system)]),
    );
    const conf = 'sandbox = false\nsubstituters =\nbuild-users-group =';
    const fixed = { tags: image, 'push-by-digest': 'false', 'nix-conf': conf, cache: 'false' };
    const context = { commitTime: 1_767_225_600, repositoryUrl: 'https://github.com/org/nix-image-action' };
    await runMode(t, { ...inputs, ...fixed }, { directory: flake, path: process.env.PATH, context });

    const work = join(directory, 'work');
    await run('mkdir', [work]);
    await writeFile(join(work, 'greeting.nix'), greeting);
    const flags = ['--file', '/data/greeting.nix', '--output', 'oci:/data/layout', '--json'];
    const mounted = ['run', '--rm', '--network=none', '--volume', `${work}:/data`, image];
    const built = JSON.parse(await docker.run(...mounted, 'build', ...flags));
    const { manifests } = JSON.parse(await readFile(join(work, 'layout/index.json'), 'utf8'));
    assert.equal(manifests[0].digest, built.images[0].digest);
  });
});
