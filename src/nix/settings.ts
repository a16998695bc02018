import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Host } from '../host.ts';
import { findProgram } from '../lib/process.ts';
import { isThere } from './is-there.ts';

/** Where an installation of ours keeps what is not in the store; on the store's file system. */
export const ownDirectory = '/nix/var/nix-image-action';
/** GC root of the Nix that we installed. */
export const ownRoot = '/nix/var/nix/gcroots/nix-image-action';
/** That Nix. */
export const ownProgram = join(ownRoot, 'bin/nix');
/** Where the package nix-bin puts its Nix. */
export const packagedProgram = '/usr/bin/nix';
/** GC root of the certificates that came with it. */
export const ownCertificates = '/nix/var/nix/gcroots/nix-image-action-certificates';
const ownSettings = join(ownDirectory, 'nix.conf');

export interface CallSettings {
  /** Lines of nix.conf. */
  readonly nixConf: readonly string[];
  /** Sent to `githubHost` when a flake input is fetched from there. */
  readonly githubToken?: string;
  /** Default github.com. */
  readonly githubHost?: string;
}

/**
 * The environment for our own calls of Nix: `env`, its NIX_CONFIG followed by the settings. The token goes this way
 * because command lines can be read by every user of the machine.
 */
export function withNixConfig(
  env: Readonly<Record<string, string | undefined>>,
  settings: CallSettings,
): Readonly<Record<string, string | undefined>> {
  const { nixConf, githubToken, githubHost = 'github.com' } = settings;
  const lines = [
    ...(env.NIX_CONFIG ? [env.NIX_CONFIG] : []),
    ...nixConf,
    // With "extra-" a token that the user's own settings have for this host stays the one in force.
    ...(githubToken === undefined ? [] : [`extra-access-tokens = ${githubHost}=${githubToken}`]),
  ];
  return lines.length === 0 ? env : { ...env, NIX_CONFIG: lines.join('\n') };
}

/** Whether the Nix at `program` is one that an earlier run installed. */
export async function isOwnInstallation(program: string): Promise<boolean> {
  return [ownProgram, packagedProgram].includes(program) && (await isThere(ownSettings));
}

/** Writes the settings of an installation of ours, whose Nix is at `program`, and makes it the Nix of this step and of the later ones. */
export async function exportInstallation(program: string, nixConf: readonly string[], host: Host): Promise<void> {
  // Root builds as itself: a single-user installation has no build users.
  await replaceFile(ownSettings, ['build-users-group =', ...nixConf, ''].join('\n'));
  const files = userSettings(host.env).filter(file => file !== ownSettings);
  host.exportVariable('NIX_USER_CONF_FILES', [ownSettings, ...files].join(':'));
  const bundle = join(ownCertificates, 'etc/ssl/certs/ca-bundle.crt');
  if (
    !host.env.NIX_SSL_CERT_FILE &&
    !(await isThere('/etc/ssl/certs/ca-certificates.crt')) &&
    (await isThere(bundle))
  ) {
    host.exportVariable('NIX_SSL_CERT_FILE', bundle);
  }
  if (program === ownProgram && (await findProgram('nix', host.env)) !== ownProgram) host.addPath(dirname(ownProgram));
}

/** The user's settings files as Nix would look them up, the most important first (nix.conf(5), NIX_USER_CONF_FILES). */
function userSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  if (env.NIX_USER_CONF_FILES) return env.NIX_USER_CONF_FILES.split(':');
  const home = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return [home, ...(env.XDG_CONFIG_DIRS || '/etc/xdg').split(':')].map(directory => join(directory, 'nix/nix.conf'));
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}
