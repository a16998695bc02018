import { Failure, messageOf } from '../src/lib/failure.ts';
import { createPool, settleAll } from '../src/lib/pool.ts';

/** Something that a script needs on this machine before it starts. */
export interface Requirement {
  /** For the log: what to install, as a noun. */
  readonly name: string;
  isMet(): boolean | Promise<boolean>;
  /** Throws if it cannot be met. */
  meet(): Promise<void>;
}

/**
 * Meets those of the requirements that are not met yet, and says when each is met and how long that took. The first one is
 * met alone, because the others may run what it installs; of the others two at a time, because all have waits of their own.
 */
export async function meetRequirements([packages, ...others]: readonly [Requirement, ...Requirement[]]): Promise<void> {
  await meetIfOpen(packages);
  const pool = createPool(2);
  await settleAll(others.map(requirement => pool(() => meetIfOpen(requirement))));
}

async function meetIfOpen({ name, isMet, meet }: Requirement): Promise<void> {
  if (await isMet()) return;
  console.log(`Set-up: ${name} …`);
  const start = Date.now();
  try {
    await meet();
  } catch (cause) {
    throw new Failure(`Cannot set up ${name}: ${messageOf(cause)}`, { cause });
  }
  console.log(`Set-up: ${name}: ${Math.ceil((Date.now() - start) / 1000)} s`);
}
