import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { runProgram } from '../lib/process.ts';
import type { Runtime } from '../runtime.ts';
import { storePathName } from '../store-path.ts';
import type { FailedBuild } from './build-log.ts';
import { features } from './build-target.ts';
import type { Nix } from './toolchain.ts';

/** Bytes of a log that are kept: its end. */
const longestLog = 8 << 20;

/**
 * Writes the log of a failed build to a file that lasts as long as the job, without secrets; returns its path. If Nix
 * has not kept the log, the file has its last lines.
 */
export async function keepBuildLog({ derivation, tail }: FailedBuild, nix: Nix, runtime: Runtime): Promise<string> {
  const kept = createTail();
  // The machine has the log of its own builds and of remote builders; binary caches are not asked.
  const args = ['log', ...features, '--option', 'substituters', '', '--', derivation];
  const { code } = await runProgram(nix.program, args, { env: nix.env, cwd: runtime.directory, output: kept.output });
  const text = code === 0 ? kept.text() : `${tail.join('\n')}\n`;
  const file = join(await runtime.createDirectory(), `${storePathName(derivation)}.log`);
  await writeFile(file, runtime.log.masked(text));
  return file;
}

/** Takes bytes and keeps the last ones, from the beginning of a line. */
function createTail() {
  let chunks: Buffer[] = [];
  let size = 0;
  let isCut = false;
  const trim = () => {
    const all = Buffer.concat(chunks);
    isCut ||= all.length > longestLog;
    chunks = [all.subarray(-longestLog)];
    size = chunks[0]?.length ?? 0;
  };
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > 2 * longestLog) trim();
      done();
    },
  });
  const text = () => {
    trim();
    const kept = Buffer.concat(chunks).toString('utf8');
    return isCut ? kept.slice(kept.indexOf('\n') + 1) : kept;
  };
  return { output, text };
}
