import { access } from 'node:fs/promises';

/** Whether `path` exists, following links. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
