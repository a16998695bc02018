import { type ProgramResult, runProgram } from '../../src/lib/process.ts';

const source = new URL('../../src/', import.meta.url).href;

interface Script {
  /** Body of a module; `src/` in its imports is ours. */
  readonly text: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a script in a process of its own, since hosts speak to the environment and the streams of their process. */
export function runScript({ text, cwd, env }: Script): Promise<ProgramResult> {
  const script = text.replaceAll("'src/", `'${source}`);
  const options = { cwd, env: { PATH: process.env.PATH, HOME: cwd, TMPDIR: cwd, ...env } };
  return runProgram(process.execPath, ['--input-type=module', '-e', script], options);
}
