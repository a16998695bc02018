import { readlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram, isExecutable } from '../lib/process.ts';
import type { Exec, Runtime } from '../runtime.ts';
import { readNixVersion } from './nix-version.ts';
import { pathExists } from './path-exists.ts';
import { chooseRelease, type Release, type ReleaseInputs } from './release.ts';
import { type CallSettings, ownCertificates, ownProgram, ownRoot, withNixConfig } from './settings.ts';
import { installableSystem } from './system.ts';

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

/** The machine's Nix of any version, unless this action installed it and another version is wanted. */
export async function findInstalled({ nixVersion }: ToolchainInputs, { env }: Runtime): Promise<string | undefined> {
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
export function environmentOf(settings: CallSettings, runtime: Runtime): Nix['env'] {
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
