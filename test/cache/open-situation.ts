import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, openMachine, runThere } from '../support/bare-machine.ts';
import { type CacheServer, startCacheServer } from '../support/cache-server.ts';
import { type Cleaned, temporaryDirectory } from '../support/temporary-directory.ts';
import { addNix, type JobResult, runJob, runSteps } from './run-job.ts';

export interface Situation {
  readonly server: CacheServer;
  /** The checkout. */
  readonly directory: string;
  /** Runs a job on this machine, or on a new one with an empty store. */
  run(job?: JobSetting, machine?: Machine): Promise<JobResult & { readonly machine: Machine }>;
  /** The same with several uses of the action in the job, on a new machine. */
  runSteps(
    ...steps: readonly JobSetting[]
  ): Promise<{ readonly machine: Machine; readonly steps: readonly JobResult[] }>;
  /** Names of the derivations that were built since the last look. */
  builds(): Promise<string[]>;
  change(file: string, text: string): Promise<void>;
}

interface JobSetting {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly setup?: string;
  readonly isPlain?: boolean;
  /** Whether a new machine has a Nix. */
  readonly hasNix?: boolean;
}

/** A checkout with a flake whose package has a dependency of `size` bytes, a tool to build with, and `files` small files. */
export async function openSituation(
  t: Cleaned,
  {
    files = 3,
    version = 2,
    value = '""',
    size = 0,
  }: { files?: number; version?: 1 | 2; value?: string; size?: number } = {},
): Promise<Situation> {
  const root = await temporaryDirectory(t);
  const directory = join(root, 'checkout');
  const builds = join(root, 'builds');
  await mkdir(directory);
  await writeFile(builds, '');
  // For plain users.
  await Promise.all([chmod(root, 0o755), chmod(builds, 0o666)]);
  await writeFile(join(directory, 'flake.nix'), flakeOf(builds, { files, value, size }));
  await writeFile(join(directory, 'flake.lock'), JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7 }));
  const server = await startCacheServer(version);
  t.after(() => server.close());
  let jobs = 0;
  const jobOf = ({ inputs = {}, env = {}, hasNix: _, ...setting }: JobSetting, temporary: string) => ({
    inputs: { installable: `path:${directory}`, 'nix-conf': nixConf, created: '0', ...inputs },
    directory,
    temporary,
    env: { ...server.env, ...env },
    ...setting,
  });
  /** As on machines that have another one for each job. */
  const openTemporary = () => join(root, `runner-${jobs++}`);
  return {
    server,
    directory,
    async run(job = {}, machine) {
      const there = machine ?? (await openMachine(t));
      if (machine === undefined && job.hasNix !== false) await addNix(there);
      const result = await runJob(there, jobOf(job, openTemporary()));
      assert.equal(result.code, 0, result.log);
      return { ...result, machine: there };
    },
    async runSteps(...steps) {
      const machine = await openMachine(t);
      if (steps[0]?.hasNix !== false) await addNix(machine);
      const temporary = openTemporary();
      const results = await runSteps(
        machine,
        steps.map(step => jobOf(step, temporary)),
      );
      const left = (await readdir(temporary)).filter(name => !name.startsWith('nix-image-metadata-'));
      assert.deepEqual(left, [], 'nothing of the job is left but outputs');
      return { machine, steps: results };
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

interface FlakeOptions {
  readonly files: number;
  readonly value: string;
  readonly size: number;
}

const flakeOf = (builds: string, { files, value, size }: FlakeOptions) => `{
  outputs = { self }: let
    make = name: command: attributes: derivation ({
      inherit name;
      system = builtins.currentSystem or "${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux";
      builder = "/bin/sh";
      args = [ "-ec" "PATH=/usr/bin:/bin; echo \${name} >> ${builds}; \${command}" ];
    } // attributes);
    files = map (n: builtins.toFile "f\${toString n}" "file \${toString n}") (builtins.genList (n: n) ${files});
    tool = make "tool" "mkdir $out; echo tool > $out/tool; ln -s tool $out/link; chmod +x $out/tool" { };
    library = make "library" "cat ${'$'}{tool}/tool > $out; head -c ${size} /dev/zero >> $out" { inherit files; value = ${value}; };
    app = make "app" "mkdir -p $out/bin; echo \${library} > $out/bin/app; chmod +x $out/bin/app" { };
    other = make "other" "mkdir -p $out/bin; cp ${'$'}{tool}/tool $out/bin/other; echo \${library} >> $out/bin/other" { };
    packages = { default = app; inherit other; };
  in {
    packages.x86_64-linux = packages;
    packages.aarch64-linux = packages;
  };
}
`;

/** Nix finds nothing wrong with the store, and nothing of ours is left in it. */
export async function verify(machine: Machine, program = 'nix-store'): Promise<void> {
  const { code, stderr } = await runThere(machine, [program, '--verify', '--check-contents']);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /warning|error|modified|missing|disappeared/);
  const names = await readdir(join(machine.nix, 'store'));
  assert.deepEqual(
    names.filter(name => name.startsWith('.nix-image')),
    [],
  );
}
