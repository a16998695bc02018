import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, link, lstat, mkdir, readdir, rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, hasCode } from '../lib/failure.ts';
import { settleAll } from '../lib/pool.ts';
import { isExecutable, runProgram } from '../lib/process.ts';
import { removeTree } from '../lib/remove-tree.ts';
import type { Runtime } from '../runtime.ts';
import { storeDirectory } from '../store-path.ts';
import { stateDirectory } from './nix-directory.ts';
import { readNixVersion } from './nix-version.ts';
import { pathExists } from './path-exists.ts';
import type { Release } from './release.ts';
import { ownCertificates, ownRoot } from './settings.ts';

/**
 * Makes the Nix of an unpacked release, whose files are read-only, this machine's Nix of this action: moves whole store
 * paths into the store, registers them, and then points the link of the current Nix at it. Parallel runs do not disturb
 * each other. A Failure if the release holds no Nix that runs here and has the release's version; then nothing of it
 * stays in the store.
 */
export async function adoptRelease(directory: string, release: Release, runtime: Runtime): Promise<void> {
  const store = join(directory, 'store');
  const names = (await readdir(store)).sort();
  const candidates = names.filter(name => name.endsWith(`-nix-${release.version}`));
  if (candidates.length === 0) throw withoutNix(release);
  await mkdir(storeDirectory, { recursive: true });
  // If it is missing, Nix uses a directory in a plain user's home as the store.
  await mkdir(stateDirectory, { recursive: true });
  const moved: string[] = [];
  let nix: string | undefined;
  try {
    for (const name of names) {
      const to = join(storeDirectory, name);
      if (await moveStorePath(join(store, name), to)) moved.push(to);
    }
    nix = await findNixPath(candidates);
    if (nix === undefined) throw withoutNix(release);
    const checking = requireVersion(nix, release, runtime);
    // Nix starts in the meantime, and waits for the registration.
    await settleAll([checking, register(nix, readAfter(checking, join(directory, '.reginfo')), runtime)]);
  } catch (error) {
    for (const path of moved) removeTree(path);
    throw error;
  }
  await linkCertificates(names);
  await replaceLink(nix, ownRoot);
}

/**
 * Moves a path in one step, so the store never has half a path. Leaves an existing path alone; returns whether there
 * was none.
 */
async function moveStorePath(from: string, to: string): Promise<boolean> {
  const isDirectory = (await lstat(from)).isDirectory();
  // rename(2) changes ".." of a directory, which requires write permission.
  if (isDirectory) await chmod(from, 0o755);
  try {
    // rename(2) would replace a file, and link(2) cannot link a directory.
    await (isDirectory ? rename(from, to) : link(from, to));
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return false;
    throw error;
  }
  if (isDirectory) await chmod(to, 0o555);
  return true;
}

/**
 * The store path of Nix itself. Searched in the store, because newer releases have links to other store paths in bin.
 */
async function findNixPath(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(storeDirectory, name);
    if (isExecutable(join(path, 'bin/nix'))) return path;
  }
  return undefined;
}

function withoutNix({ version, url }: Release): Failure {
  return new Failure(`Cannot install Nix ${version}: ${url} contains no store path with bin/nix.`);
}

async function requireVersion(nix: string, { version }: Release, runtime: Runtime): Promise<void> {
  const found = await readNixVersion(join(nix, 'bin/nix'), runtime);
  if (found !== version) throw new Failure(`Cannot install Nix ${version}: ${nix} reports that it is Nix ${found}.`);
}

async function* readAfter(checking: Promise<void>, file: string): AsyncGenerator<Uint8Array> {
  await checking;
  yield* createReadStream(file);
}

async function register(nix: string, input: AsyncIterable<Uint8Array>, runtime: Runtime): Promise<void> {
  const program = join(nix, 'bin/nix-store');
  const { code, stderr } = await runProgram(program, ['--load-db'], { env: runtime.env, input });
  if (code !== 0) throw new Failure(`Cannot register Nix in ${storeDirectory}: ${stderr.trim()} (exit code ${code}).`);
}

async function linkCertificates(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(storeDirectory, name);
    if (await pathExists(join(path, 'etc/ssl/certs/ca-bundle.crt'))) return replaceLink(path, ownCertificates);
  }
}

async function replaceLink(target: string, link: string): Promise<void> {
  await mkdir(dirname(link), { recursive: true });
  const temporary = `${link}.${randomUUID()}`;
  await symlink(target, temporary);
  await rename(temporary, link);
}
