import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, hasCode, messageOf } from '../../lib/failure.ts';
import { openFile } from '../../lib/open-file.ts';
import { readWholeFile } from '../../lib/read-whole-file.ts';
import { storeDirectory } from '../../store-path.ts';
import type { LayoutFiles } from './layout-files.ts';

interface Found {
  readonly path: string;
  readonly size: number;
}

/** Links that are followed: within the directory and into the Nix store, or none. */
type Links = 'store' | 'none';

interface Directory {
  /** The directory's path with links resolved. */
  readonly root: string;
  readonly description: string;
  readonly links: Links;
}

/**
 * The files in a directory on disk, looked up on demand; `description` names it in errors. Links are followed within
 * the directory and into the Nix store, as `linkFarm` makes them; one that leads elsewhere is a Failure.
 */
export function openLayoutDirectory(path: string, description: string, links: Links = 'store'): LayoutFiles {
  const directory = { root: realpathSync(path), description, links };
  const find = (name: string): Found => {
    const found = findFile(directory, name);
    if (found === undefined) throw new Failure(`Cannot read ${description}: it has no file "${name}".`);
    return found;
  };
  return {
    description,
    has: name => findFile(directory, name) !== undefined,
    size: name => find(name).size,
    open: (name, use) => openFile(find(name).path, use),
    async read(name, limit) {
      const { path, size } = find(name);
      if (size <= limit) return readWholeFile(path, limit, `"${name}" of ${description}`);
      throw new Failure(`Cannot read ${description}: "${name}" has ${size} bytes, more than the limit of ${limit}.`);
    },
  };
}

/** Looked up synchronously, so a directory has the same interface as an indexed archive. */
function findFile({ root, description, links }: Directory, name: string): Found | undefined {
  try {
    const path = realpathSync(join(root, name));
    if (links === 'none' && path !== join(root, name)) {
      throw new Failure(
        `Cannot read ${description}: its file "${name}" is a symlink to ${path}, or lies behind one. Links are not allowed here.`,
      );
    }
    if (![root, storeDirectory].some(directory => path.startsWith(`${directory}/`))) {
      throw new Failure(
        `Cannot read ${description}: its file "${name}" leads to ${path}, outside of the directory and of ${storeDirectory}. Put the file itself there.`,
      );
    }
    const facts = statSync(path);
    return facts.isFile() ? { path, size: facts.size } : undefined;
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot read "${name}" of ${description}: ${messageOf(cause)}.`, { cause });
  }
}
