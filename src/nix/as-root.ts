import { Failure } from '../lib/failure.ts';
import { findProgram } from '../lib/process.ts';
import type { Runtime } from '../runtime.ts';

/** Whether programs can run as root: this user is root, or sudo needs no password. */
export async function canBeRoot(runtime: Runtime): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  const sudo = findProgram('sudo', runtime.env);
  return sudo !== undefined && (await runtime.exec(sudo, ['-n', 'true'], { env: runtime.env })).code === 0;
}

/** Runs a program as root and fails unless it succeeds; see `canBeRoot`. */
export async function runAsRoot(command: readonly string[], runtime: Runtime): Promise<void> {
  const [program = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
  const { code, stderr } = await runtime.exec(program, args, { env: runtime.env });
  if (code === 0) return;
  throw new Failure(`Cannot run "${command.join(' ')}" as root: ${stderr.trim()} (exit code ${code}).`);
}
