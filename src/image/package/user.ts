import { Failure } from '../../lib/failure.ts';
import type { Directory } from './link-tree.ts';

const name = '[a-z_][a-z0-9_-]{0,31}';
const number = '[0-9]{1,10}';
const withoutBase = new RegExp(`^(?:${name}|${number}(?::${number})?)$`);
const withBase = new RegExp(`^(?:${name}|${number})(?::(?:${name}|${number}))?$`);

/** Checks the user that an image runs as. A group may have a name only on a base, which has its own /etc/group. */
export function checkUser(user: string, { isOnBase }: { isOnBase: boolean }): void {
  if ((isOnBase ? withBase : withoutBase).test(user)) return;
  throw new Failure(
    `Cannot use the user "${user}". Write a number (1000), two numbers (1000:1000) or a lower-case name (nobody).`,
  );
}

/**
 * Adds a user of this name to /etc/passwd and /etc/group, unless a package links those: root is 0, nobody 65534, any
 * other 1000. A number needs no entry.
 */
export function addUser(root: Directory, user: string): void {
  const etc = root.get('etc') ?? new Map();
  // A package that links /etc as a whole provides its own users.
  if (/^[0-9]/.test(user) || !(etc instanceof Map)) return;
  root.set('etc', etc);
  const ids = new Map([['root', 0], ...(user === 'root' ? [] : [[user, user === 'nobody' ? 65534 : 1000] as const])]);
  const linesOf = (line: (name: string, id: number) => string) => [...ids].map(([name, id]) => line(name, id)).join('');
  if (!etc.has('passwd')) etc.set('passwd', { text: linesOf((name, id) => `${name}:x:${id}:${id}::/:/bin/sh\n`) });
  if (!etc.has('group')) etc.set('group', { text: linesOf((name, id) => `${name}:x:${id}:\n`) });
}
