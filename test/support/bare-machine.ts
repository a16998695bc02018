import { linkSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProgramOptions, runProgram } from '../../src/lib/process.ts';
import { asRoot } from './as-root.ts';
import { compileCache } from './compile-cache.ts';
import type { Cleaned } from './temporary-directory.ts';

/** Who a test runs programs as that must not be root: whoever runs the test, or nobody. */
const plainUser = process.getuid?.() || 65_534;

/**
 * A machine without Nix: its /nix is the directory `nix`, which a test may remove, and its PATH the directory `tools`,
 * which has every tool but Nix's; all else is this machine's.
 */
export async function openMachine(t: Cleaned) {
  const root = await mkdtemp(join(tmpdir(), 'nix-test-'));
  const nix = join(root, 'system/nix');
  const tools = join(root, 'tools');
  const home = join(root, 'home');
  const plainHome = join(root, 'plain');
  for (const directory of [nix, tools, home, plainHome]) await mkdir(directory, { recursive: true });
  t.after(async () => {
    const [program = '', ...args] = asRoot(['rm', '-r', root]);
    await runProgram(program, args);
  });
  await chmod(root, 0o755);
  if (process.getuid?.() === 0) await chown(plainHome, plainUser, plainUser);
  const links = systemTools();
  for (const name of readdirSync(links)) linkSync(join(links, name), join(tools, name));
  await writeFile(join(root, 'image.nix'), imageFile);
  return { root, nix, tools, home, plainHome };
}

let toolLinks: string | undefined;

/** A directory with a symlink to every tool of this machine but Nix's. Machines have hard links to them: new files cost more. */
function systemTools(): string {
  if (toolLinks !== undefined) return toolLinks;
  const links = mkdtempSync(join(tmpdir(), 'nix-test-tools-'));
  process.once('exit', () => rmSync(links, { recursive: true }));
  // The first directory that has a name wins, as on PATH.
  const paths = ['/sbin', '/usr/sbin', '/bin', '/usr/bin'].flatMap(directory =>
    readdirSync(directory).map(name => [name, join(directory, name)] as const),
  );
  for (const [name, path] of new Map(paths)) if (!name.startsWith('nix')) symlinkSync(path, join(links, name));
  toolLinks = links;
  return links;
}

export type Machine = Awaited<ReturnType<typeof openMachine>>;

export interface MachineSetting extends Pick<ProgramOptions, 'env'> {
  /** Shell commands that run as the namespace's root before the program. */
  readonly setup?: string;
  /** Whether even the loopback is out of reach. */
  readonly isOffline?: boolean;
  /** Whether the program runs as a plain user, one that can be root by sudo where `tools` has that. */
  readonly isPlain?: boolean;
}

/** Runs a program on the machine, as root unless it is to be plain, in namespaces of its own. */
export function runThere(
  machine: Machine,
  command: readonly string[],
  { setup = ':', isOffline = false, isPlain = false, env = {} }: MachineSetting = {},
) {
  const isRoot = process.getuid?.() === 0;
  const namespaces = [
    // There sudo would do nothing.
    ...(isRoot || isPlain ? [] : ['--user', '--map-root-user']),
    ...(isOffline ? ['--net'] : []),
    '--mount',
  ];
  // sh would drop variables whose names have a dash, as those of inputs may.
  const home = isPlain ? machine.plainHome : machine.home;
  const variables = Object.entries({
    HOME: home,
    PATH: machine.tools,
    ...compileCache,
    ...env,
  });
  const assignments = variables.map(([name, value]) => `${name}=${value}`);
  const identity = isPlain ? ['setpriv', `--reuid=${plainUser}`, `--regid=${plainUser}`, '--clear-groups'] : [];
  const start = [
    ...['unshare', ...namespaces, 'sh', '-ec', `${enter}\n${isPlain && isRoot ? letSudo : ''}\n${setup}; exec "$@"`],
    ...['sh', machine.root, 'env', ...assignments, ...identity, ...command],
  ];
  const [program = '', ...args] = isPlain ? asRoot(start) : start;
  // The cache of compiled modules saves a second of each run.
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return runProgram(program, args, { cwd: machine.root, env: { PATH, NODE_COMPILE_CACHE } });
}

/** Makes `$1/system` the root directory, with all of this machine in it but /nix; pivot_root(8). */
const enter = `
machine=$1; shift
export PATH="$PATH:/usr/sbin:/sbin"
mount --bind "$machine/system" "$machine/system"
cd "$machine/system"
for path in /*; do
  if [ "$path" = /nix ]; then continue; fi
  if [ -L "$path" ]; then cp -P "$path" . 2>/dev/null || [ -L ".$path" ]
  elif [ -d "$path" ]; then mkdir -p ".$path"; mount --rbind "$path" ".$path"
  else touch ".$path"; mount --bind "$path" ".$path"
  fi
done
pivot_root . .
umount -l .
cd "$machine"`;

const letSudo = `
echo '#${plainUser} ALL=(ALL) NOPASSWD: ALL' > sudoers
chmod 440 sudoers
if [ -e /etc/sudoers ]; then mount --bind sudoers /etc/sudoers; fi`;

const imageFile = `{
  image = derivation {
    name = "image"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo built > $out" ];
  };
}
`;
