import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Failure } from '../src/lib/failure.ts';
import { findProgram, isExecutable, runProgram } from '../src/lib/process.ts';
import { asRoot } from '../test/support/as-root.ts';
import type { Requirement } from './requirements.ts';

type Check = () => boolean | Promise<boolean>;

// Daemons are in sbin, which a user's PATH may not have.
const path = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`;

const hasPrograms =
  (...names: readonly string[]): Check =>
  () =>
    names.every(name => findProgram(name, { PATH: path }) !== undefined);

/**
 * Debian packages that our scripts use, each with a check whether this machine already has its programs: Docker,
 * for example, may come from another package.
 */
const packages = {
  'bash-static': hasPrograms('bash-static'),
  chromium: hasPrograms('chromium'),
  'clang-14': hasPrograms('clang-14'),
  curl: hasPrograms('curl'),
  // The client is a package of its own since Debian 13, where docker.io recommends it.
  'docker.io': hasPrograms('dockerd', 'docker'),
  'docker-registry': hasPrograms('docker-registry'),
  fish: hasPrograms('fish'),
  gcc: hasPrograms('gcc'),
  gh: hasPrograms('gh'),
  git: hasPrograms('git'),
  'libc6-dev': () => existsSync('/usr/include/stdio.h'),
  'lld-14': hasPrograms('wasm-ld-14'),
  'nix-bin': hasPrograms('nix', 'nix-store'),
  // As root, Nix builds as the members of this group.
  'nix-setup-systemd': async () => process.getuid?.() !== 0 || (await hasMembers('nixbld')),
  openssl: hasPrograms('openssl'),
  patch: hasPrograms('patch'),
  patchelf: hasPrograms('patchelf'),
  procps: hasPrograms('kill', 'sysctl'),
  python3: hasPrograms('python3'),
  'python3-venv': async () =>
    hasPrograms('python3')() && (await runProgram('python3', ['-c', 'import ensurepip'])).code === 0,
  // Builders find it there alone.
  rustc: () => isExecutable('/usr/bin/rustc'),
  shellcheck: hasPrograms('shellcheck'),
  skopeo: hasPrograms('skopeo'),
  sudo: hasPrograms('sudo'),
  time: () => isExecutable('/usr/bin/time'),
  umoci: hasPrograms('umoci'),
  'xz-utils': hasPrograms('xz'),
  zsh: hasPrograms('zsh'),
  zstd: hasPrograms('zstd'),
} satisfies Readonly<Record<string, Check>>;

type PackageName = keyof typeof packages;

/** Packages for building images with Nix and pushing them to services on this machine, which tests and benchmarks do. */
export const pushingPackages: readonly PackageName[] = [
  'bash-static',
  'curl',
  'docker-registry',
  'docker.io',
  'nix-bin',
  'nix-setup-systemd',
  'openssl',
  'patchelf',
  'procps',
  'xz-utils',
  'zstd',
];

/** Debian packages. Those that this machine lacks are installed with apt-get. */
export function debianPackages(names: readonly PackageName[]): Requirement {
  return {
    name: `Debian packages (${names.join(', ')})`,
    isMet: async () => (await missingOf(names)).length === 0,
    meet: async () => install(await missingOf(names)),
  };
}

async function missingOf(names: readonly PackageName[]): Promise<PackageName[]> {
  const missing: PackageName[] = [];
  for (const name of names) if (!(await packages[name]())) missing.push(name);
  return missing;
}

async function install(names: readonly PackageName[]): Promise<void> {
  if (!hasPrograms('apt-get')()) {
    throw new Failure(`this machine has no apt-get. Install ${names.join(', ')} by hand, then run this again.`);
  }
  await aptGet('update');
  await aptGet('install', '--yes', ...names);
  const left = await missingOf(names);
  if (left.length > 0) throw new Failure(`apt-get installed ${left.join(', ')}, but their programs are still missing.`);
}

/** Runs apt-get as root; a Failure with what it printed if it fails. */
export async function aptGet(...args: readonly string[]): Promise<void> {
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet=2', ...args];
  const [program = '', ...rest] = asRoot(command);
  const { code, stdout, stderr } = await runProgram(program, rest, { env: process.env });
  if (code !== 0) throw new Failure(`apt-get ${args.join(' ')} failed:\n${stdout.slice(-4096)}${stderr}`);
}

async function hasMembers(group: string): Promise<boolean> {
  const groups = await readFile('/etc/group', 'utf8');
  return new RegExp(`^${group}:[^:]*:[^:]*:.`, 'm').test(groups);
}
