import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Machine, openMachine, runThere } from '../support/bare-machine.ts';
import { type CacheServer, startCacheServer } from '../support/cache-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { addNix, type JobResult, runJob } from './run-job.ts';

interface Situation {
  readonly server: CacheServer;
  /** Runs a job on this machine, or on a new one with an empty store. */
  run(job?: JobSetting, machine?: Machine): Promise<JobResult & { readonly machine: Machine }>;
  /** Names of the derivations that were built since the last look. */
  builds(): Promise<string[]>;
  change(file: string, text: string): Promise<void>;
}

interface JobSetting {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly setup?: string;
}

/** A checkout with a flake whose package has a dependency, a tool to build with, and `files` small files. */
async function openSituation(t: TestContext, files = 3): Promise<Situation> {
  const root = await temporaryDirectory(t);
  const directory = join(root, 'checkout');
  const builds = join(root, 'builds');
  await mkdir(directory);
  await writeFile(builds, '');
  await writeFile(join(directory, 'flake.nix'), flakeOf(builds, files));
  await writeFile(join(directory, 'flake.lock'), JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7 }));
  const server = await startCacheServer();
  t.after(() => server.close());
  return {
    server,
    async run({ inputs = {}, env = {}, setup } = {}, machine) {
      const there = machine ?? (await openMachine(t));
      if (machine === undefined) await addNix(there);
      const result = await runJob(there, {
        inputs: { installable: `path:${directory}`, 'nix-conf': nixConf, created: '0', ...inputs },
        directory,
        temporary: join(root, 'runner'),
        env: { ...server.env, ...env },
        ...(setup === undefined ? {} : { setup }),
      });
      assert.equal(result.code, 0, result.log);
      return { ...result, machine: there };
    },
    async builds() {
      const names = (await readFile(builds, 'utf8')).split('\n').filter(name => name !== '');
      await writeFile(builds, '');
      return names.sort();
    },
    change: (file, text) => writeFile(join(directory, file), text),
  };
}

const nixConf = 'substituters =\nsandbox = false\nbuild-users-group =';

const flakeOf = (builds: string, files: number) => `{
  outputs = { self }: let
    make = name: command: attributes: derivation ({
      inherit name;
      system = builtins.currentSystem or "${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux";
      builder = "/bin/sh";
      args = [ "-ec" "PATH=/usr/bin:/bin; echo \${name} >> ${builds}; \${command}" ];
    } // attributes);
    files = map (n: builtins.toFile "f\${toString n}" "file \${toString n}") (builtins.genList (n: n) ${files});
    tool = make "tool" "mkdir $out; echo tool > $out/tool; ln -s tool $out/link; chmod +x $out/tool" { };
    library = make "library" "cat ${'$'}{tool}/tool > $out" { inherit files; };
    app = make "app" "mkdir -p $out/bin; echo \${library} > $out/bin/app; chmod +x $out/bin/app" { };
  in {
    packages.x86_64-linux.default = app;
    packages.aarch64-linux.default = app;
  };
}
`;

async function verify(machine: Machine): Promise<void> {
  const { code, stderr } = await runThere(machine, ['nix-store', '--verify', '--check-contents']);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /warning|error|modified|missing|disappeared/);
  const names = await readdir(join(machine.nix, 'store'));
  assert.deepEqual(
    names.filter(name => name.startsWith('.nix-image')),
    [],
  );
}

for (const files of [3, 100, 2000]) {
  test(`a second job with an empty store builds nothing (${files} files)`, async t => {
    const { server, run, builds } = await openSituation(t, files);
    const first = await run();
    assert.deepEqual(await builds(), ['app', 'library', 'tool']);
    assert.equal(first.outputs['cache-hit'], 'false');
    assert.match(first.outputs['cache-key'] ?? '', /^nix-image-1-\w+-linux-[0-9a-f]{12}-[0-9a-f]{32}$/);
    assert.match(first.post, new RegExp(`Saved ${files + 3} store paths, \\S+ \\S+, as nix-image-1-`));
    assert.deepEqual([...server.entries.keys()], [first.outputs['cache-key']]);

    const second = await run();
    assert.deepEqual(await builds(), []);
    assert.equal(second.outputs['cache-hit'], 'true', second.log);
    assert.equal(second.outputs['cache-matched-key'], first.outputs['cache-key']);
    assert.deepEqual(JSON.parse(second.outputs.metadata ?? ''), JSON.parse(first.outputs.metadata ?? ''));
    assert.match(second.log, new RegExp(`Restored ${files + 3} of ${files + 3} store paths`));
    await verify(second.machine);
    assert.equal(server.calls.filter(call => call === 'CreateCacheEntry').length, 1, 'a hit is not saved again');

    const listing = 'find /nix/store -path "*-*" ! -name "*.drv" | sort | xargs stat --format "%A %Y %s %n"';
    const [before, after] = await Promise.all(
      [first, second].map(({ machine }) => runThere(machine, ['sh', '-c', listing])),
    );
    assert.equal(after?.stdout, before?.stdout, 'times and permissions are those of a build');

    const third = await run({}, second.machine);
    assert.deepEqual(await builds(), []);
    assert.match(third.log, new RegExp(`Restored 0 of ${files + 3} store paths`));
    await verify(third.machine);
  });
}

test('another lock file starts from the last entry, and what is no longer needed is not saved again', async t => {
  const { server, run, builds, change } = await openSituation(t);
  const first = await run();
  await builds();
  await change('flake.lock', JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7, again: 1 }));
  const second = await run();
  assert.deepEqual(await builds(), []);
  assert.equal(second.outputs['cache-hit'], 'false');
  assert.equal(second.outputs['cache-matched-key'], first.outputs['cache-key']);
  assert.notEqual(second.outputs['cache-key'], first.outputs['cache-key']);
  await change('sub', 'one');
  const { 'cache-key': plain } = (await run({ inputs: { cache: 'restore' } })).outputs;
  const { 'cache-key': more } = (await run({ inputs: { cache: 'restore', 'cache-key-files': 'su*' } })).outputs;
  const { 'cache-key': extra } = (await run({ inputs: { cache: 'restore', 'cache-key-extra': 'x' } })).outputs;
  assert.equal(new Set([plain, more, extra]).size, 3);
  assert.equal(server.entries.size, 2);
});

test('a damaged entry is a miss: a warning, a build, a store that is whole', async t => {
  const { server, run, builds } = await openSituation(t);
  const { outputs } = await run();
  await builds();
  const [[key, bytes] = ['', Buffer.alloc(0)]] = server.entries;
  server.entries.set(key, bytes.subarray(0, bytes.length - 100));
  const second = await run();
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.equal(second.outputs['cache-hit'], 'false');
  assert.equal(second.outputs['cache-key'], outputs['cache-key']);
  await verify(second.machine);
});

test('what a run may save depends on what it runs for', async t => {
  const { server, run } = await openSituation(t);
  const { machine, log } = await run({ env: { GITHUB_REF: 'refs/heads/topic' } });
  assert.match(log, /Nothing is saved/);
  for (const [inputs, env] of [
    [{}, { GITHUB_EVENT_NAME: 'pull_request_target' }],
    [{}, { GITHUB_EVENT_NAME: 'release', GITHUB_REF: 'refs/tags/v1' }],
    [{ cache: 'restore' }, {}],
    [{ 'cache-save': 'false' }, {}],
    [{ cache: 'false' }, {}],
  ] as const) {
    await run({ inputs, env }, machine);
  }
  assert.deepEqual([...new Set(server.calls)], ['GetCacheEntryDownloadURL']);
  const forced = await run({ inputs: { 'cache-save': 'true' }, env: { GITHUB_REF: 'refs/heads/topic' } });
  assert.match(forced.post, /Saved 6 store paths/);
});

test('a service at its rate limit is asked once, and the job goes on', async t => {
  const { server, run } = await openSituation(t);
  server.refuse = { status: 429, headers: { 'retry-after': '30' } };
  const { post } = await run();
  assert.match(post, /rate limit will reset in 30 seconds/);
  assert.doesNotMatch(post, /Saved/);
  assert.deepEqual(
    server.calls.filter(call => call === 'CreateCacheEntry'),
    ['CreateCacheEntry'],
  );
});

test('entries can be kept in a directory, and be bounded', async t => {
  const { server, run, builds } = await openSituation(t);
  const place = await temporaryDirectory(t);
  const inputs = { 'cache-to': `file://${place}`, 'cache-max-size': '1300' };
  const first = await run({ inputs });
  assert.match(first.post, /left out for cache-max-size, the least useful first:\n {2}\S+-tool/);
  await builds();
  const second = await run({ inputs });
  assert.deepEqual(await builds(), []);
  assert.equal(second.outputs['cache-hit'], 'true');
  assert.deepEqual(await readdir(place), [`${first.outputs['cache-key']}.nix-image-cache`]);
  assert.deepEqual(server.calls, []);
});
