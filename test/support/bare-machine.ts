import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ProgramOptions, runProgram } from '../../src/lib/process.ts';

/** A machine without Nix: its /nix is a directory of the test, its PATH has every tool but Nix's. */
export async function openMachine(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'nix-test-'));
  const nix = join(root, 'nix');
  const tools = join(root, 'tools');
  const home = join(root, 'home');
  for (const directory of [nix, tools, home]) await mkdir(directory);
  t.after(async () => {
    await runProgram('chmod', ['-R', 'u+w', root]);
    await rm(root, { recursive: true });
  });
  for (const directory of ['/usr/bin', '/bin', '/usr/sbin', '/sbin']) {
    for (const name of await readdir(directory)) {
      if (!name.startsWith('nix')) await symlink(join(directory, name), join(tools, name)).catch(ignoreExisting);
    }
  }
  await writeFile(join(root, 'image.nix'), imageFile);
  return { root, nix, tools, home };
}

export type Machine = Awaited<ReturnType<typeof openMachine>>;

export interface MachineSetting extends Pick<ProgramOptions, 'env'> {
  /** Shell commands that run as the namespace's root before the program. */
  readonly setup?: string;
  /** Whether even the loopback is out of reach. */
  readonly isOffline?: boolean;
}

/** Runs a program on the machine, as root, in namespaces of its own. */
export function runThere(
  machine: Machine,
  command: readonly string[],
  { setup = ':', isOffline = false, env = {} }: MachineSetting = {},
) {
  const namespaces = [
    ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
    ...(isOffline ? ['--net'] : []),
    '--mount',
  ];
  // sh would drop variables whose names have a dash, as those of inputs may.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const start = `mount --bind "$1" /nix; ${setup}; shift; exec "$@"`;
  return runProgram(
    'unshare',
    [...namespaces, 'sh', '-ec', start, 'sh', machine.nix, 'env', ...variables, ...command],
    {
      cwd: machine.root,
      env: { HOME: machine.home, PATH: machine.tools },
    },
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

const imageFile = `{
  image = derivation {
    name = "image"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo built > $out" ];
  };
}
`;
