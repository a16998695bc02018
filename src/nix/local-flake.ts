import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, hasCode } from '../lib/failure.ts';
import { isObject } from '../lib/json-object.ts';
import { parseJson } from '../lib/parse-json.ts';
import { readWholeFile } from '../lib/read-whole-file.ts';

/** A flake that is evaluated from a Git repository on this machine. */
interface LocalFlake {
  /** Directory with its `flake.nix`, absolute. */
  readonly directory: string;
  /** Text of its `flake.lock`; undefined if it has none. */
  readonly lock: string | undefined;
}

/** Bytes; that of a flake with thousands of inputs. */
const largestLock = 16 << 20;

/**
 * The flake of an installable if Nix evaluates it from a Git repository on this machine and `flake.lock` pins all of
 * its inputs; otherwise a Failure that says why not. nix3-flake(1), "Flake references".
 */
export async function readLocalFlake(installable: string, resolve: (path: string) => string): Promise<LocalFlake> {
  const directory = findFlake(resolve(directoryOf(installable)));
  if (directory === undefined) throw new Failure(`${installable} has no flake.nix on this machine`);
  const lock = await readLock(join(directory, 'flake.lock'));
  const unlocked = lock === undefined ? undefined : findUnlocked(lock);
  if (unlocked === undefined) return { directory, lock };
  throw new Failure(`flake.lock in ${directory} does not pin the input ${unlocked}`);
}

/**
 * `.#app`, `./sub?dir=x#app`, `#app`, `git+file:///src?submodules=1#app`; a revision or a branch is another state of
 * the files.
 */
function directoryOf(installable: string): string {
  const [, path, query = ''] =
    /^(?:git\+file:(?:\/\/(?=\/))?)?((?:\.{0,2}(?:\/[^?#]*)?))(?:\?([^#]*))?(?:#.*)?$/s.exec(installable) ?? [];
  if (path === undefined || /^\/nix\/store\//.test(path))
    throw new Failure(`${installable} is not a flake in a Git repository on this machine`);
  const parameters = [...new URLSearchParams(query)];
  const unknown = parameters.find(([name]) => !['dir', 'submodules', 'lfs'].includes(name));
  if (unknown !== undefined) throw new Failure(`${installable} has the parameter ${unknown[0]}`);
  const below = parameters.find(([name]) => name === 'dir')?.[1];
  return join(path === '' ? '.' : path, below ?? '');
}

/** Nix looks for `flake.nix` in the directories above too. */
function findFlake(directory: string): string | undefined {
  if (!existsSync(directory)) return undefined;
  for (let at = realpathSync(directory); ; at = dirname(at)) {
    if (existsSync(join(at, 'flake.nix'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return (await readWholeFile(path, largestLock, path)).toString();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * The first node without a hash or a revision. One with `parent` is a directory of the flake that it is an input of.
 */
function findUnlocked(lock: string): string | undefined {
  const json = parseJson(lock, 'flake.lock', { largest: largestLock });
  const { nodes, root } = isObject(json) ? json : {};
  if (!isObject(nodes)) throw new Failure('flake.lock has no nodes');
  const isPinned = ([name, node]: readonly [string, unknown]) => {
    if (name === root) return true;
    const { locked, parent } = isObject(node) ? node : {};
    const { narHash, rev } = isObject(locked) ? locked : {};
    return typeof narHash === 'string' || typeof rev === 'string' || Array.isArray(parent);
  };
  return Object.entries(nodes).find(node => !isPinned(node))?.[0];
}
