import { lstat, readdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { hasCode } from '../lib/failure.ts';
import { makeTemporary } from './make-temporary.ts';

const prefix = 'nix-image-';
const name = /^nix-image-[A-Za-z0-9]{6}$/;
/** A socket that the run listens on while it lives. Other containers see it too. */
const lock = 'lock';

/** Makes a directory for this run in `root`, which the environment variable `variable` names. */
export function openTemporary(root: string, variable: 'TMPDIR' | 'RUNNER_TEMP'): string {
  const directory = makeTemporary(root, prefix, variable);
  const server = createServer();
  // Some file systems do not support sockets. A directory without one never counts as abandoned.
  server.on('error', () => {});
  server.listen(join(directory, lock)).unref();
  return directory;
}

/** Whether `openTemporary` could have made a directory of this name in `root`. */
export function isTemporary(directory: string, root: string): boolean {
  const last = directory.slice(directory.lastIndexOf('/') + 1);
  return name.test(last) && join(root, last) === directory;
}

/** Whether `path` is a directory that this user made, and not a link. */
export async function isOwnDirectory(path: string): Promise<boolean> {
  const found = await lstat(path);
  return found.isDirectory() && found.uid === process.getuid?.();
}

/** Removes directories of this user's killed runs from `root`, as far as possible. */
export async function removeAbandoned(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const path of names.filter(entry => name.test(entry)).map(entry => join(root, entry))) {
    try {
      if ((await isOwnDirectory(path)) && (await isAbandoned(path))) await rm(path, { recursive: true, force: true });
    } catch {}
  }
}

/** Whether the run of a directory has ended: nothing listens on its socket. */
function isAbandoned(directory: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(join(directory, lock));
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', error => resolve(hasCode(error, 'ECONNREFUSED')));
  });
}
