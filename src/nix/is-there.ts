import { access } from 'node:fs/promises';

/** Whether something is at `path`, links followed. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
