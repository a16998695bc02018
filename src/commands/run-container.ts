import { createHash } from 'node:crypto';
import { findEngine } from '../local/load-engine.ts';
import { actions } from '../run.ts';
import { runInForeground } from '../runtimes/run-in-foreground.ts';
import type { Action } from './command.ts';
import { readInputs } from './read-inputs.ts';

/** Builds an image, loads it, and runs a container of it in the foreground. */
export const runContainer: Action = async ({ flags, parameters }, runtime) => {
  const [installable, args] = parameters as [string, readonly string[]];
  const engine = findEngine(runtime.env);
  // The same installable always gets the same tag, so each run replaces the image of the last one.
  const id = createHash('sha256').update(`${runtime.directory}\n${installable}`).digest('hex').slice(0, 12);
  const tags = `localhost/nix-image-run:${id}`;
  const inputs = readInputs({ ...flags, installable, tags, load: true }, runtime.env);
  await actions.build([inputs], runtime);
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ['--tty'] : [];
  const exitCode = await runInForeground(engine, ['run', '--rm', '--interactive', ...terminal, tags, ...args], {
    env: runtime.env,
    output: flags.json === true ? 'stderr' : 'stdout',
  });
  return { text: '', json: { image: tags, engine, 'exit-code': exitCode }, exitCode };
};
