import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { asRoot } from '../support/as-root.ts';
import { newerNixPrograms } from '../support/newer-nix.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runScript } from './run-script.ts';

const flake = `{
  outputs = _: {
    packages.x86_64-linux.default = derivation {
      name = "of-another-user";
      system = "x86_64-linux";
      builder = "/bin/sh";
      args = [ "-c" "echo \${_.self.rev or "no revision"} > $out" ];
    };
  };
}
`;

/** A checkout that belongs to another user, as GitHub makes it for a job's container. */
async function openForeign(t: TestContext) {
  const directory = await temporaryDirectory(t);
  const checkout = await mkdtemp(join(tmpdir(), 'nix-image-test-'));
  const [remove = '', ...rest] = asRoot(['rm', '-r', checkout]);
  t.after(() => run(remove, rest));
  await chmod(checkout, 0o755);
  await writeFile(join(checkout, 'flake.nix'), flake);
  const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    [...author, 'commit', '-q', '-m', 'first'],
  ]) {
    await run('git', args, { cwd: checkout });
  }
  const revision = (await run('git', ['rev-parse', 'HEAD'], { cwd: checkout })).trim();
  const [program = '', ...args] = asRoot(['chown', '-R', '1234:1234', checkout]);
  await run(program, args);
  return { directory, checkout, revision };
}

const build = `
  import { openRunner } from 'src/runtimes/runner.ts';
  import { openNix } from 'src/nix/open-nix.ts';
  import { build } from 'src/nix/build.ts';
  import { readFileSync, rmSync } from 'node:fs';
  const host = await openRunner();
  try {
    const nix = await openNix({ nixConf: ['substituters =', 'sandbox = false'] }, host);
    const target = { kind: 'installable', installable: process.env.INSTALLABLE };
    const { path } = await build(nix, { target, buildArgs: [], impure: false }, host);
    console.log('built from', readFileSync(path, 'utf8'));
  } finally {
    rmSync(host.temporary, { recursive: true });
  }`;

suite('a checkout of another user', () => {
  for (const [name, programs] of [
    ['the Nix of this machine', ''],
    ['Nix 2.34', newerNixPrograms],
  ] as const) {
    test(`builds with ${name}, in its own workspace alone`, async t => {
      const { directory, checkout, revision } = await openForeign(t);
      const variables = { RUNNER_TEMP: directory, PATH: `${programs}:${process.env.PATH}` };
      const start = (workspace: string) => {
        const env = { ...variables, GITHUB_WORKSPACE: workspace, INSTALLABLE: checkout };
        return runScript({ text: build, cwd: workspace, env });
      };
      const { stdout, stderr } = await start(checkout);
      assert.match(stdout, new RegExp(`^built from ${revision}$`, 'm'), stderr);
      const elsewhere = await start(directory);
      assert.notEqual(elsewhere.code, 0);
    });
  }

  test('starts no hook and no file system monitor while it builds', async t => {
    const { directory, checkout } = await openForeign(t);
    const trap = join(directory, 'trap');
    await writeFile(trap, `#!/bin/sh\ntouch ${directory}/ran\n`, { mode: 0o755 });
    for (const hook of ['post-index-change', 'reference-transaction']) await symlink(trap, join(directory, hook));
    const settings = [`[core]`, `fsmonitor = ${trap}`, `hooksPath = ${directory}`, '[log]', 'showSignature = true'];
    await appendFile(join(checkout, '.git/config'), `${[...settings, '[gpg]', `program = ${trap}`].join('\n')}\n`);
    const env = { RUNNER_TEMP: directory, GITHUB_WORKSPACE: checkout, INSTALLABLE: checkout };
    const { code, stdout } = await runScript({ text: build, cwd: checkout, env });
    assert.equal(code, 0, stdout);
    assert.ok(!existsSync(join(directory, 'ran')));
  });

  test("the user's own configuration stays in force", async t => {
    const { directory, checkout } = await openForeign(t);
    const own = join(directory, '.config');
    await mkdir(join(own, 'git'), { recursive: true });
    await mkdir(join(own, 'nix'));
    await writeFile(join(own, 'git/config'), '[user]\nname = "Own"\n');
    await writeFile(join(own, 'git/ignore'), '*.o\n');
    await writeFile(join(own, 'nix/nix.conf'), 'cores = 1\n');
    await writeFile(join(directory, 'global'), '[user]\nemail = own@example.com\n');
    const text = `
      import { openRunner } from 'src/runtimes/runner.ts';
      import { readdirSync } from 'node:fs';
      import { execFileSync } from 'node:child_process';
      const { env, gitEnv, directory } = await openRunner();
      const git = (more, ...args) => execFileSync('git', args, { cwd: directory, env: { ...env, ...gitEnv, ...more } });
      const ask = (more, key) => String(git(more, 'config', '--get', key)).trim();
      const list = name => readdirSync(gitEnv.XDG_CONFIG_HOME + name).sort().join(' ');
      console.log(list(''), '|', list('/git'), '|', ask({ GIT_CONFIG_GLOBAL: undefined }, 'user.name'));
      console.log(ask({}, 'user.email'), String(git({}, 'log', '--format=%s')).trim());`;
    const env = { RUNNER_TEMP: directory, GITHUB_WORKSPACE: checkout, GIT_CONFIG_GLOBAL: join(directory, 'global') };
    const { stdout, stderr } = await runScript({ text, cwd: directory, env });
    const lines = stdout.split('\n').filter(line => !line.startsWith('::'));
    assert.deepEqual(lines, ['git nix | config ignore | Own', 'own@example.com first', ''], stderr);
  });

  test('of this user there is nothing to trust', async t => {
    const cwd = await temporaryDirectory(t);
    const text = `
      import { openRunner } from 'src/runtimes/runner.ts';
      console.log(Object.keys((await openRunner()).gitEnv).every(name => name.startsWith('GIT_CONFIG_')));`;
    const { stdout } = await runScript({ text, cwd, env: { RUNNER_TEMP: cwd, GITHUB_WORKSPACE: cwd } });
    assert.match(stdout, /^true$/m);
    assert.ok((await readdir(cwd)).every(name => name.startsWith('nix-image-')));
  });
});
