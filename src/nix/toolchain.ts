import { readlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { findProgram, isExecutable } from '../lib/process.ts';

import type { Exec, Runtime } from '../runtime.ts';
import { storeDirectory } from '../store-path.ts';

import { installNix, type RestoreNix } from './install.ts';

import { openKvm } from './kvm.ts';
import { findRefusal, stateDirectory } from './nix-directory.ts';
import { compareVersions, readNixVersion } from './nix-version.ts';
import { pathExists } from './path-exists.ts';
import { chooseRelease, type Release, type ReleaseInputs } from './release.ts';
import {
  type CallSettings,
  exportInstallation,
  isOwnInstallation,
  ownCertificates,
  ownDirectory,
  ownProgram,
  ownRoot,
  withNixConfig,
} from './settings.ts';
import { installableSystem } from './system.ts';
import { removeStale } from './unpack-directory.ts';

/**
 * The first version with everything that we use: flakes, `--json` with output paths, `NIX_CONFIG`,
 * `extra-access-tokens`.
 */
const oldestVersion = '2.8';

/** Which Nix to install if there is none, and settings for all calls of Nix. */
export interface ToolchainInputs extends ReleaseInputs, CallSettings {
  /** Whether an existing Nix of another version is an error. */
  readonly nixVersionStrict?: boolean;
}

/** A Nix that can be called. */
export interface NixProgram {
  /** Absolute path of `nix`. */
  readonly program: string;
  /** Environment for every call; holds the settings and the token. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exec: Exec;
}

/** A Nix that can build the targets. */
export interface Nix extends NixProgram {
  readonly version: string;
  /** Whether this run installed it. */
  readonly installed: boolean;
}

/**
 * Finds the machine's Nix, or installs one if there is none. An existing Nix is used unchanged; another version than
 * `nixVersion` is a warning or, if `nixVersionStrict`, a Failure. One that this action installed is replaced. A version
 * before 2.8 is a Failure. `restore` as in `installNix`.
 */
export async function openNix(inputs: ToolchainInputs, runtime: Runtime, restore?: RestoreNix): Promise<Nix> {
  if (inputs.githubToken !== undefined) runtime.log.secret(inputs.githubToken);
  await openKvm(runtime);
  const found = await findInstalled(inputs, runtime);
  const installed = found === undefined;
  if (found !== undefined && (await isOwnInstallation(found))) await requireOwner(found);
  const { program, version } =
    found === undefined
      ? await installNix(inputs, runtime, restore)
      : { program: found, version: await readNixVersion(found, runtime) };
  checkVersion({ program, version }, inputs, runtime);
  if (installed || (await isOwnInstallation(program))) {
    await exportInstallation(program, inputs, runtime);
    await removeStale(runtime);
  }
  runtime.log.info(`Nix ${version} at ${program}${installed ? ', installed now' : ''}`);
  return { program, version, env: environmentOf(inputs, runtime), exec: runtime.exec, installed };
}

/** A single-user installation works only for the owner of its store, and root. */
async function requireOwner(program: string): Promise<void> {
  for (const path of [storeDirectory, stateDirectory, ownDirectory]) {
    const cause = await findRefusal(path);
    if (cause === undefined) continue;
    const owner = `${process.getuid?.()}:${process.getgid?.()}`;
    throw new Failure(
      `Cannot use the Nix at ${program}: an earlier run installed it as another user, and this user, ${owner}, may not ` +
        `write to ${path}. Run all steps as the same user, or change its owner before this step, as root: chown -R ${owner} /nix`,
      { cause },
    );
  }
}

/** The machine's Nix of any version, unless this action installed it and another version is wanted. */
async function findInstalled({ nixVersion }: ToolchainInputs, { env }: Runtime): Promise<string | undefined> {
  const program = findProgramOfNix(env);
  const isWanted =
    program !== ownProgram || nixVersion === undefined || (await readlink(ownRoot)).endsWith(`-nix-${nixVersion}`);
  return isWanted ? program : undefined;
}

/** The release that `openNix` would install here; undefined if it would use an existing Nix. */
export async function releaseToInstall(inputs: ToolchainInputs, runtime: Runtime): Promise<Release | undefined> {
  if ((await findInstalled(inputs, runtime)) !== undefined) return undefined;
  return chooseRelease(inputs, installableSystem(process.platform, process.arch));
}

/** Version of the Nix that `openNix` would use, whether it is there or would be installed. */
export async function readVersionToUse(inputs: ToolchainInputs, runtime: Runtime): Promise<string> {
  const found = await findInstalled(inputs, runtime);
  if (found !== undefined) return readNixVersion(found, runtime);
  return chooseRelease(inputs, installableSystem(process.platform, process.arch)).version;
}

/** Store paths of a Nix that this run installed and of its certificates; none for any other Nix. */
export async function installedPaths({ program, installed }: Nix): Promise<readonly string[]> {
  if (!installed || program !== ownProgram) return [];
  const links = (await pathExists(ownCertificates)) ? [ownRoot, ownCertificates] : [ownRoot];
  return [...new Set(await Promise.all(links.map(link => readlink(link))))];
}

/** The token is sent only to the GitHub host of the checkout; a run at a terminal may not know one. */
function environmentOf(settings: CallSettings, runtime: Runtime): Nix['env'] {
  const { apiUrl, repositoryUrl } = runtime.context;
  const env = { ...runtime.env, ...runtime.gitEnv };
  if (apiUrl === undefined || repositoryUrl === undefined) return withNixConfig(env, settings);
  return withNixConfig(env, { ...settings, githubHost: new URL(repositoryUrl).host });
}

/** The machine's Nix, if any, to query its store. Installs nothing, logs nothing and runs no program. */
export function findNix(settings: CallSettings, runtime: Runtime): NixProgram | undefined {
  const program = findProgramOfNix(runtime.env);
  return program === undefined ? undefined : { program, env: environmentOf(settings, runtime), exec: runtime.exec };
}

/** The absolute path of `nix` on PATH, else in a directory that installers use, else undefined. */
function findProgramOfNix(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const onPath = findProgram('nix', env);
  if (onPath !== undefined) return onPath;
  const home = env.HOME || homedir();
  const directories = [
    '/nix/var/nix/profiles/default/bin',
    join(home, '.nix-profile/bin'),
    '/run/current-system/sw/bin',
    join(env.XDG_STATE_HOME || join(home, '.local/state'), 'nix/profile/bin'),
    dirname(ownProgram),
  ];
  for (const directory of directories) {
    const program = join(directory, 'nix');
    if (isExecutable(program)) return program;
  }
  return undefined;
}

function checkVersion(
  { version, program }: Pick<Nix, 'program' | 'version'>,
  { nixVersion, nixVersionStrict }: ToolchainInputs,
  runtime: Runtime,
): void {
  if (compareVersions(version, oldestVersion) < 0) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: Nix ${oldestVersion} or newer is needed. ` +
        'Upgrade it, or remove it so that this step installs a newer one.',
    );
  }
  if (nixVersion === undefined || nixVersion === version) return;
  if (nixVersionStrict) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: nix-version-strict requires Nix ${nixVersion}. ` +
        'Remove that Nix so that this step installs the right one, or leave out nix-version-strict.',
    );
  }
  runtime.log.warning(
    `Using Nix ${version} at ${program}, not Nix ${nixVersion}: nix-version applies only if no Nix is installed.`,
  );
}
