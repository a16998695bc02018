import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Host } from '../host.ts';
import { Failure } from '../lib/failure.ts';
import { findProgram, isExecutable } from '../lib/process.ts';
import { installNix } from './install.ts';
import { compareVersions, readNixVersion } from './nix-version.ts';
import type { ReleaseInputs } from './release.ts';
import { type CallSettings, exportInstallation, isOwnInstallation, ownProgram, withNixConfig } from './settings.ts';

/** The first version with all that we call: flakes, `--json` with output paths, `NIX_CONFIG`, `extra-access-tokens`. */
const oldestVersion = '2.8';

/** Which Nix to install if there is none, and settings for our calls of whichever Nix it is. */
export interface ToolchainInputs extends ReleaseInputs, CallSettings {}

/** A Nix that can be called. */
export interface Nix {
  /** Absolute path of `nix`. */
  readonly program: string;
  readonly version: string;
  /** Environment for every call; holds the settings and the token. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether this run installed it. */
  readonly installed: boolean;
}

/**
 * Finds the machine's Nix, or installs one if there is none. A Nix that is there is used whatever its version, with a
 * warning if another was asked for; one older than 2.8 is a Failure.
 */
export async function openNix(inputs: ToolchainInputs, host: Host): Promise<Nix> {
  if (inputs.githubToken !== undefined) host.log.secret(inputs.githubToken);
  const found = await findProgramOfNix(host.env);
  const program = found ?? (await installNix(inputs, host));
  const installed = found === undefined;
  const version = await readNixVersion(program, host.env);
  checkVersion(version, program);
  if (inputs.nixVersion !== undefined && inputs.nixVersion !== version) {
    host.log.warning(
      `Nix ${version} at ${program} is used, not Nix ${inputs.nixVersion}: nix-version counts where there is no Nix.`,
    );
  }
  if (installed || (await isOwnInstallation(program))) await exportInstallation(program, inputs.nixConf, host);
  host.log.info(`Nix ${version} at ${program}${installed ? ', installed now' : ''}`);
  return { program, version, env: withNixConfig(host.env, inputs), installed };
}

/** The machine's Nix if there is one that can be used; nothing is installed and nothing is said. */
export async function findNix(settings: CallSettings, host: Host): Promise<Nix | undefined> {
  const program = await findProgramOfNix(host.env);
  if (program === undefined) return undefined;
  const version = await readNixVersion(program, host.env);
  if (compareVersions(version, oldestVersion) < 0) return undefined;
  return { program, version, env: withNixConfig(host.env, settings), installed: false };
}

/** The absolute path of `nix` on PATH, else in a place where installers put it, else undefined. */
async function findProgramOfNix(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const onPath = await findProgram('nix', env);
  if (onPath !== undefined) return onPath;
  const home = env.HOME || homedir();
  const places = [
    '/nix/var/nix/profiles/default/bin',
    join(home, '.nix-profile/bin'),
    '/run/current-system/sw/bin',
    join(env.XDG_STATE_HOME || join(home, '.local/state'), 'nix/profile/bin'),
    dirname(ownProgram),
  ];
  for (const place of places) {
    const candidate = join(place, 'nix');
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

function checkVersion(version: string, program: string): void {
  if (compareVersions(version, oldestVersion) >= 0) return;
  throw new Failure(
    `Cannot use Nix ${version} at ${program}: Nix ${oldestVersion} or newer is needed. ` +
      'Upgrade it, or take it away so that a new one is installed.',
  );
}
