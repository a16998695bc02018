import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A running program that was started to be ended again. */
export interface Daemon {
  /** The match of the line on standard error that said it is ready. */
  readonly ready: RegExpExecArray;
  /** Asks it to end and waits until it has; `kill` is for a process that is not ours to signal. */
  end(kill?: () => Promise<unknown>): Promise<void>;
}

/** Starts a program and waits until a line on its standard error matches `ready`. Throws if it ends before that. */
export async function startDaemon(command: readonly string[], ready: RegExp): Promise<Daemon> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>(resolve => child.once('close', () => resolve()));
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('close', code => reject(new Error(`${program} ended with ${code}:\n${log}`)));
    createInterface({ input: child.stderr }).on('line', line => {
      log = `${log}${line}\n`.slice(-4096);
      const found = ready.exec(line);
      if (found !== null) resolve(found);
    });
  });
  return {
    ready: match,
    async end(kill = async () => child.kill()) {
      if (child.exitCode === null && child.signalCode === null) await kill();
      await exited;
    },
  };
}
