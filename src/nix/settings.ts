import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from '../lib/process.ts';
import type { Runtime } from '../runtime.ts';
import { pathExists } from './path-exists.ts';
import { openSandbox } from './sandbox.ts';

/** Files of our installation outside the store, on the store's file system. */
export const ownDirectory = '/nix/var/nix-image-action';
/** GC root of the Nix that this action installed. */
export const ownRoot = '/nix/var/nix/gcroots/nix-image-action';
/** That Nix. */
export const ownProgram = join(ownRoot, 'bin/nix');
/** Path of the Nix of the package nix-bin. */
export const packagedProgram = '/usr/bin/nix';
/** GC root of the certificates of that installation. */
export const ownCertificates = '/nix/var/nix/gcroots/nix-image-action-certificates';
const ownSettings = join(ownDirectory, 'nix.conf');

export interface CallSettings {
  /** Additional binary caches. */
  readonly substituters?: readonly string[];
  /** Additional public keys. */
  readonly trustedPublicKeys?: readonly string[];
  /** Remote builders, one line of `/etc/nix/machines` each; nix.conf(5), `builders`. */
  readonly builders?: readonly string[];
  /** Lines of nix.conf, after all others. */
  readonly nixConf: readonly string[];
  /** Sent to `githubHost` when Nix fetches flake inputs from it. */
  readonly githubToken?: string;
  /** Default github.com. */
  readonly githubHost?: string;
}

/**
 * The environment for our own calls of Nix: `env`, its NIX_CONFIG followed by the settings. This includes the token,
 * because every user of the machine can read command lines.
 */
export function withNixConfig(
  env: Readonly<Record<string, string | undefined>>,
  settings: CallSettings,
): Readonly<Record<string, string | undefined>> {
  const { githubToken, githubHost = 'github.com' } = settings;
  const lines = [
    ...(env.NIX_CONFIG ? [env.NIX_CONFIG] : []),
    // With "extra-", a token for this host in the user's own settings has priority.
    ...(githubToken === undefined ? [] : [`extra-access-tokens = ${githubHost}=${githubToken}`]),
    ...linesOf(settings),
  ];
  return lines.length === 0 ? env : { ...env, NIX_CONFIG: lines.join('\n') };
}

/**
 * The environment for calls of Nix that ask the store at `url` instead of this machine's. Not an argument, since a URL
 * may contain a login and every user of the machine can read command lines.
 */
export function withStore(
  env: Readonly<Record<string, string | undefined>>,
  url: string,
): Readonly<Record<string, string | undefined>> {
  return { ...env, NIX_CONFIG: [...(env.NIX_CONFIG ? [env.NIX_CONFIG] : []), `store = ${url}`].join('\n') };
}

function linesOf({ substituters = [], trustedPublicKeys = [], builders = [], nixConf }: CallSettings): string[] {
  return [
    ...(substituters.length === 0 ? [] : [`extra-substituters = ${substituters.join(' ')}`]),
    ...(trustedPublicKeys.length === 0 ? [] : [`extra-trusted-public-keys = ${trustedPublicKeys.join(' ')}`]),
    ...(builders.length === 0 ? [] : [`builders = ${builders.join(' ; ')}`]),
    ...nixConf,
  ];
}

/** Whether an earlier run installed the Nix at `program`. */
export async function isOwnInstallation(program: string): Promise<boolean> {
  return [ownProgram, packagedProgram].includes(program) && (await pathExists(ownSettings));
}

/**
 * Writes the settings of our installation, whose Nix is at `program`, and makes it the Nix of this step and of later
 * ones.
 */
export async function exportInstallation(program: string, settings: CallSettings, runtime: Runtime): Promise<void> {
  // Root builds as itself, because a single-user installation has no build users.
  const lines = ['build-users-group =', ...(await sandboxLines(settings, runtime)), ...linesOf(settings), ''];
  await replaceFile(ownSettings, lines.join('\n'));
  runtime.exportVariable('NIX_USER_CONF_FILES', [ownSettings, ...userSettings(runtime.env)].join(':'));
  const bundle = join(ownCertificates, 'etc/ssl/certs/ca-bundle.crt');
  if (
    !runtime.env.NIX_SSL_CERT_FILE &&
    !(await pathExists('/etc/ssl/certs/ca-certificates.crt')) &&
    (await pathExists(bundle))
  ) {
    runtime.exportVariable('NIX_SSL_CERT_FILE', bundle);
  }
  if (program === ownProgram && findProgram('nix', runtime.env) !== ownProgram) runtime.addPath(dirname(ownProgram));
}

/** Whether to build in a sandbox, unless the user's settings decide. */
async function sandboxLines({ nixConf }: CallSettings, runtime: Runtime): Promise<string[]> {
  if (nixConf.some(line => /^sandbox\s*=/.test(line))) return [];
  const isAllowed = await openSandbox(runtime);
  if (isAllowed === undefined) return [];
  if (!isAllowed) {
    runtime.log.notice(
      'Builds run without a sandbox: the kernel does not allow this user to create namespaces. ' +
        'They can read the files of this machine and use its network; see docs/toolchain.md.',
    );
  }
  return [`sandbox = ${isAllowed}`];
}

/**
 * The user's settings files as Nix looks them up, the most important first (nix.conf(5), NIX_USER_CONF_FILES), without
 * ours.
 */
export function userSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  if (env.NIX_USER_CONF_FILES) return env.NIX_USER_CONF_FILES.split(':').filter(file => file !== ownSettings);
  const home = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return [home, ...(env.XDG_CONFIG_DIRS || '/etc/xdg').split(':')].map(directory => join(directory, 'nix/nix.conf'));
}

/** Readable by this user only: nix.conf may contain a token. */
async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}
