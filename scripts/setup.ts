/** Gets ready for `npm test`: installs, with apt-get and Go, those programs that the tests run and this machine lacks. */
import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Failure, messageOf } from '../src/lib/failure.ts';
import { findProgram } from '../src/lib/process.ts';
import { asRoot } from '../test/support/as-root.ts';
import { actionlint, crane, distribution3, gofakes3 } from '../test/support/go-program.ts';
import { installGoProgram } from './install-go-program.ts';
import { installNewerNix } from './install-newer-nix.ts';

/** Program → the Debian package that has it. */
const packages: Readonly<Record<string, string>> = {
  nix: 'nix-bin',
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
  dockerd: 'docker.io',
  // A package of its own since Debian 13, where docker.io recommends it.
  docker: 'docker.io',
  zstd: 'zstd',
  xz: 'xz-utils',
  git: 'git',
  patchelf: 'patchelf',
  openssl: 'openssl',
  sudo: 'sudo',
  kill: 'procps',
  shellcheck: 'shellcheck',
  gh: 'gh',
};

// Daemons are in sbin, which a user's PATH may not have.
const env = { PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` };

async function setup(): Promise<void> {
  const missing = missingPrograms();
  if (missing.length > 0) await install(missing);
  for (const program of [distribution3, crane, gofakes3, actionlint]) await installGoProgram(program);
  await installNewerNix();
  console.log('All programs that the tests run are here.');
  if (!(await canBuild())) {
    console.log('Making /nix yours, so that nix can build without a daemon.');
    runAsRoot('mkdir', '-p', '/nix');
    runAsRoot('chown', '-R', String(userInfo().uid), '/nix');
  }
}

function missingPrograms(): string[] {
  return Object.keys(packages).filter(program => findProgram(program, env) === undefined);
}

async function install(programs: readonly string[]): Promise<void> {
  const names = [...new Set(programs.map(program => packages[program] ?? program))];
  if (findProgram('apt-get', env) === undefined) {
    throw new Failure(
      `Cannot install ${programs.join(', ')}: no apt-get here. Install them by hand, then run this again.`,
    );
  }
  console.log(`Installing ${names.join(' ')}`);
  const aptGet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet=2'];
  runAsRoot(...aptGet, 'update');
  runAsRoot(...aptGet, 'install', '--yes', ...names);
  const missing = missingPrograms();
  if (missing.length > 0) {
    throw new Failure(`Still missing after the installation: ${missing.join(', ')}. Install them by hand.`);
  }
  console.log(`Installed ${names.join(' ')}.`);
}

/** Whether nix works for this user: as root, with a daemon, or with a store of their own. */
async function canBuild(): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  const daemon = access('/nix/var/nix/daemon-socket/socket', constants.W_OK);
  const own = Promise.all([access('/nix/store', constants.W_OK), access('/nix/var/nix', constants.W_OK)]);
  return Promise.any([daemon, own]).then(
    () => true,
    () => false,
  );
}

function runAsRoot(...command: readonly string[]): void {
  const [program = '', ...args] = asRoot(command);
  execFileSync(program, args, { stdio: 'inherit' });
}

try {
  await setup();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
