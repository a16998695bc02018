import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { access, constants, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, messageOf } from '../lib/failure.ts';
import { findProgram, isExecutable, runProgram } from '../lib/process.ts';
import { storeDirectory } from '../store-path.ts';
import { type BuildInputs, describeTarget, features } from './build-target.ts';
import { readValidInDatabase } from './database.ts';
import { inBatches } from './in-batches.ts';
import { stateDirectoryOf } from './nix-directory.ts';
import { readSettings as readSettingLines } from './read-settings.ts';
import type { Nix, NixProgram } from './toolchain.ts';

/** All valid store paths. */
export async function listValidPaths(nix: Nix): Promise<ReadonlySet<string>> {
  const isHere = ['auto', 'daemon', 'local'].includes((await readStoreSetting(nix)) ?? '');
  const known = isHere ? readValidInDatabase(nix) : undefined;
  if (known !== undefined) return new Set(known);
  const { code, stdout, stderr } = await nix.exec(nix.program, ['path-info', ...features, '--all'], { env: nix.env });
  if (code !== 0) throw new Failure(`Cannot list the store: ${stderr.trim()}`);
  return new Set(linesOf(stdout));
}

/** The given paths that are not valid. */
export async function findInvalidPaths(nix: NixProgram, paths: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(await askStore(nix, ['--check-validity', '--print-invalid'], paths));
}

/**
 * Inputs and outputs of the derivations that are in the store: derivations, sources, build-time dependencies and
 * outputs, with everything they refer to. For outputs, their closure.
 */
export async function readRequisites(nix: NixProgram, paths: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set(await askStore(nix, ['--query', '--requisites', '--include-outputs'], paths));
}

/** Store paths of the flakes that a target is evaluated from, without the one that it is in itself. */
export async function readFlakeInputs(
  nix: Nix,
  { target }: BuildInputs,
  directory: string,
): Promise<readonly string[]> {
  if (target.kind === 'file') return [];
  const flake = target.installable.split('#')[0] || '.';
  const args = ['flake', 'archive', ...features, '--json', '--dry-run', '--no-write-lock-file', '--', flake];
  const { code, stdout, stderr } = await nix.exec(nix.program, args, { env: nix.env, cwd: directory });
  if (code !== 0) throw new Failure(`Cannot list the inputs of ${describeTarget(target)}: ${stderr.trim()}`);
  return inputsBelow(JSON.parse(stdout) as FlakeArchive).flatMap(({ path }) => (path === undefined ? [] : [path]));
}

interface FlakeArchive {
  readonly path?: string;
  readonly inputs?: Readonly<Record<string, FlakeArchive>>;
}

function inputsBelow({ inputs = {} }: FlakeArchive): FlakeArchive[] {
  return Object.values(inputs).flatMap(input => [input, ...inputsBelow(input)]);
}

/** Whether Nix itself, called by this user, writes /nix/store without a daemon: its own rule for `store = auto`. */
export async function ownsStore(nix: Nix): Promise<boolean> {
  return writesStore((await readStoreSetting(nix)) ?? (await readSettings(nix)).store);
}

/** The setting `store`, without asking Nix; undefined if its settings cannot be read here. */
async function readStoreSetting({ env }: NixProgram): Promise<string | undefined> {
  try {
    const set = (await readSettingLines(env)).findLast(line => /^store\s/.test(line));
    return set?.split('=')[1]?.trim() ?? (env.NIX_REMOTE || 'auto');
  } catch {
    return undefined;
  }
}

async function writesStore(store: string): Promise<boolean> {
  if (!['auto', 'local'].includes(store)) return false;
  try {
    for (const path of [storeDirectory, '/nix/var/nix', '/nix/var/nix/db']) await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Settings of Nix, nix.conf(5). */
export interface StoreSettings {
  /** The store that Nix uses, which NIX_REMOTE sets too. */
  readonly store: string;
  /** URLs of binary caches. */
  readonly substituters: readonly string[];
  /** Public keys, each `NAME:BASE64`. */
  readonly trustedPublicKeys: readonly string[];
  /** Whether what binary caches have must be signed. */
  readonly requireSigs: boolean;
}

/** Nix 2.20 has renamed the command. */
export async function readSettings({ program, env, exec }: NixProgram): Promise<StoreSettings> {
  for (const command of [['show-config'], ['config', 'show']]) {
    const { code, stdout } = await exec(program, [...command, ...features, '--json'], { env });
    if (code !== 0) continue;
    const settings = JSON.parse(stdout) as Readonly<Record<string, { readonly value: unknown } | undefined>>;
    const listOf = (name: string) => (settings[name]?.value ?? []) as readonly string[];
    return {
      store: String(settings.store?.value),
      substituters: listOf('substituters'),
      trustedPublicKeys: listOf('trusted-public-keys'),
      requireSigs: settings['require-sigs']?.value !== false,
    };
  }
  throw new Failure('Cannot find out which store Nix uses: both "nix config show" and "nix show-config" failed.');
}

/**
 * Whether settings of this user count for the store, as they do without a daemon, and with one for its trusted users.
 * False if the daemon does not tell, as before Nix 2.15. Nix 2.19 has renamed the command.
 */
export async function isTrustedBy(nix: Nix): Promise<boolean> {
  if (await ownsStore(nix)) return true;
  for (const command of ['info', 'ping']) {
    const { code, stdout } = await nix.exec(nix.program, ['store', command, ...features, '--json'], { env: nix.env });
    if (code !== 0) continue;
    const { trusted } = JSON.parse(stdout) as { readonly trusted?: unknown };
    return trusted === true || trusted === 1;
  }
  return false;
}

/** Registers paths that are already in the store; `registration` has the format of `nix-store --dump-db`. */
export async function registerPaths(nix: Nix, registration: AsyncIterable<Uint8Array>): Promise<void> {
  await feedStore(nix, '--load-db', registration);
}

/** Adds paths in the format of `nix-store --export`. A daemon accepts unsigned paths only from trusted users. */
export async function importPaths(nix: Nix, stream: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await feedStore(nix, '--import', stream);
  } catch (cause) {
    if (!/lacks a (valid )?signature/.test(messageOf(cause))) throw cause;
    throw new Failure('the Nix daemon accepts them only from trusted users. Add this user to its trusted-users', {
      cause,
    });
  }
}

/** Fetches paths from the configured binary caches; returns whether all were found. */
export async function substitutePaths(nix: Nix, paths: readonly string[]): Promise<boolean> {
  try {
    await askStore(nix, ['--realise'], paths);
    return true;
  } catch {
    return false;
  }
}

/** Protects valid paths from the garbage collector, as long as the links that this creates in `directory` exist. */
export async function keepPaths(nix: Nix, paths: readonly string[], directory: string): Promise<void> {
  if (await ownsStore(nix)) return linkRoots(paths, directory, nix);
  for (const batch of inBatches(paths)) {
    const root = join(directory, `kept-${randomUUID()}`);
    await askStore(nix, ['--realise', '--add-root', root, '--indirect'], batch);
  }
}

/** Indirect roots, as Nix itself makes them; it forgets those whose link is gone. */
async function linkRoots(paths: readonly string[], directory: string, { env }: NixProgram): Promise<void> {
  const roots = join(stateDirectoryOf(env), 'gcroots/auto');
  await mkdir(roots, { recursive: true });
  for (const path of paths) {
    const name = randomUUID();
    const link = join(directory, `kept-${name}`);
    await symlink(path, link);
    await symlink(link, join(roots, name));
  }
}

async function feedStore(nix: Nix, command: string, input: AsyncIterable<Uint8Array>): Promise<void> {
  const { code, stderr } = await runProgram(storeProgram(nix), [command], { env: nix.env, input });
  if (code !== 0) throw new Failure(`nix-store ${command} failed: ${stderr.trim()}`);
}

/** Lines that `nix-store` prints about these paths; a Failure with its own message. */
export async function askStore(
  nix: NixProgram,
  command: readonly string[],
  paths: readonly string[],
): Promise<string[]> {
  const answers: string[] = [];
  for (const batch of inBatches(paths)) {
    const args = [...command, ...batch];
    const { code, stdout, stderr } = await nix.exec(storeProgram(nix), args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix-store ${command[0]} failed: ${stderr.trim()}`);
    answers.push(...linesOf(stdout));
  }
  return answers;
}

/**
 * `nix-store` is next to `nix` in every installation. If PATH has only a link to `nix`, it is next to the link's
 * target.
 */
export function storeProgram({ program, env }: NixProgram): string {
  const directories = [dirname(program), dirname(realpathSync(program))];
  const found =
    directories.map(directory => join(directory, 'nix-store')).find(isExecutable) ?? findProgram('nix-store', env);
  if (found !== undefined) return found;
  throw new Failure(`Cannot query the store: there is no nix-store next to ${program} or on PATH. Reinstall Nix.`);
}

function linesOf(text: string): string[] {
  return text.split('\n').filter(line => line !== '');
}
