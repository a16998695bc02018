import { Failure } from '../lib/failure.ts';
import { findProgram, runProgram } from '../lib/process.ts';
import { writeTar } from '../tar/write-tar.ts';
import { dockerArchiveMembers, type TaggedImage } from './layout.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Loads the image into docker's engine, else podman's, and returns which. */
export async function loadIntoEngine(image: TaggedImage, env: Environment): Promise<string> {
  const engine = findEngine(env);
  const { code, stderr } = await runProgram(engine, ['load'], {
    env,
    input: writeTar(await dockerArchiveMembers(image)),
  });
  if (code === 0) return engine;
  throw new Failure(
    `Cannot load the image: ${engine} load failed with exit code ${code}.\n${stderr.slice(-2000).trimEnd()}`,
  );
}

/** The engine of this machine: docker, else podman. */
export function findEngine(env: Environment): string {
  for (const engine of ['docker', 'podman']) {
    if (findProgram(engine, env) !== undefined) return engine;
  }
  throw new Failure('Cannot load the image: neither docker nor podman is on PATH. Install one, or set load to false.');
}
