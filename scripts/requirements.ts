import { Failure, messageOf } from '../src/lib/failure.ts';

/** Something that a script needs on this machine before it starts. */
export interface Requirement {
  /** For the log: what to install, as a noun. */
  readonly name: string;
  isMet(): boolean | Promise<boolean>;
  /** Throws if it cannot be met. */
  meet(): Promise<void>;
}

/** Meets those of the requirements that are not met yet, in order; one line says what each is and how long it took. */
export async function meetRequirements(requirements: readonly Requirement[]): Promise<void> {
  const open: Requirement[] = [];
  for (const requirement of requirements) if (!(await requirement.isMet())) open.push(requirement);
  for (const [index, { name, meet }] of open.entries()) {
    process.stdout.write(`Set-up ${index + 1}/${open.length}: ${name} … `);
    const start = Date.now();
    try {
      await meet();
    } catch (cause) {
      process.stdout.write('failed\n');
      throw new Failure(`Cannot set up ${name}: ${messageOf(cause)}`, { cause });
    }
    process.stdout.write(`${Math.ceil((Date.now() - start) / 1000)} s\n`);
  }
}
