/** Prepares this machine for `npm test`: installs what the tests run and this machine lacks. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { messageOf } from '../src/lib/failure.ts';
import { asRoot } from '../test/support/as-root.ts';
import { actionlint, crane, distribution3, gofakes3 } from '../test/support/go-program.ts';
import { hasNixRelease, openStoredRelease } from '../test/support/nix-release.ts';
import { hasNixVersions, openNixVersions } from '../test/support/nix-versions.ts';
import { run } from '../test/support/run.ts';
import { cosignUnpacked } from './install-cosign.ts';
import { debianTreesUnpacked } from './install-debian-trees.ts';
import { builtWithGo } from './install-go-program.ts';
import { newerNixUnpacked } from './install-newer-nix.ts';
import { debianPackages, pushingPackages } from './install-packages.ts';
import { podmanUnpacked } from './install-podman.ts';
import { zizmorInstalled } from './install-zizmor.ts';
import { meetRequirements, type Requirement } from './requirements.ts';

const ownStore: Requirement = {
  name: '/nix for this user, so that Nix builds without a daemon',
  isMet: canBuild,
  async meet() {
    await runAsRoot('mkdir', '-p', '/nix');
    await runAsRoot('chown', '-R', String(userInfo().uid), '/nix');
  },
};

/** Made before the tests, several of which would make it at the same time. */
const nixRelease: Requirement = {
  name: 'a release of Nix for the tests of the installer',
  isMet: hasNixRelease,
  async meet() {
    await openStoredRelease();
  },
};

/** Unpacked before the tests too, which takes a while. */
const nixOfAllAges: Requirement = {
  name: 'that release, unpacked to run beside the system',
  isMet: hasNixVersions,
  async meet() {
    await openNixVersions();
  },
};

/** Whether Nix works for this user: as root, with a daemon, or with a store of their own. */
async function canBuild(): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  const daemon = access('/nix/var/nix/daemon-socket/socket', constants.W_OK);
  const own = Promise.all([access('/nix/store', constants.W_OK), access('/nix/var/nix', constants.W_OK)]);
  return Promise.any([daemon, own]).then(
    () => true,
    () => false,
  );
}

async function runAsRoot(...command: readonly string[]): Promise<void> {
  const [program = '', ...args] = asRoot(command);
  await run(program, args);
}

try {
  await meetRequirements([
    debianPackages([
      ...pushingPackages,
      'chromium',
      'fish',
      'gh',
      'git',
      'python3-venv',
      'rustc',
      'shellcheck',
      'skopeo',
      'sudo',
      'umoci',
      'zsh',
    ]),
    nixRelease,
    newerNixUnpacked,
    cosignUnpacked,
    podmanUnpacked,
    debianTreesUnpacked,
    ...[distribution3, crane, gofakes3, actionlint].map(builtWithGo),
    zizmorInstalled,
    nixOfAllAges,
    ownStore,
  ]);
  console.log('Set-up: everything that the tests run is installed.');
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
