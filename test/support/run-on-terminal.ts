import { runProgram } from '../../src/lib/process.ts';
import { compileCache } from './compile-cache.ts';

interface Terminal {
  readonly columns: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What is typed. */
  readonly input?: string;
}

/** Runs a program on a pseudo-terminal, by script(1); what it writes is all on its one screen. */
export async function runOnTerminal(
  command: readonly string[],
  { columns, env = {}, cwd, input }: Terminal,
): Promise<{ readonly code: number; readonly screen: string }> {
  const line = `stty cols ${columns} rows 40; exec ${command.map(quote).join(' ')}`;
  const { code, stdout } = await runProgram('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'xterm', ...compileCache, SHELL: '/bin/sh', ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? {} : { input }),
  });
  return { code, screen: stdout.replaceAll('\r\n', '\n') };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
