import { homedir } from 'node:os';

/** The home of this user; undefined if HOME is not set and the user is not in passwd, as in some containers. */
export function homeOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.HOME) return env.HOME;
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
