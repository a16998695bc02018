import { type ProgramOptions, runProgram } from '../../src/lib/process.ts';

/** Runs a program that must succeed; returns its standard output. Throws with its standard error otherwise. */
export async function run(program: string, args: readonly string[], options?: ProgramOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${code}:\n${stderr}`);
  return stdout;
}
