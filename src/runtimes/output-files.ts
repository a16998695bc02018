import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { messageOf } from '../lib/failure.ts';
import { digestOf, hexOf } from '../oci/digest.ts';
import type { Runtime } from '../runtime.ts';
import { makeTemporary } from './make-temporary.ts';
import { runnerLog } from './runner-log.ts';
import { maskSecrets } from './secrets.ts';

type Texts = Readonly<Record<string, string>>;

/** Longest string that Linux accepts in a program's environment; a longer one makes every later step fail. */
const longestVariable = 128 * 1024;

/**
 * Writes each text to a file that lasts until the job ends; returns the paths by name. Files are named after a hash of
 * their content, so that those of several jobs can share a directory.
 */
export async function writeOutputFiles(texts: Texts): Promise<Texts> {
  const directory = makeTemporary(process.env.RUNNER_TEMP || tmpdir(), 'nix-image-metadata-', 'RUNNER_TEMP');
  const paths = Object.entries(texts).map(async ([name, text]) => {
    const path = join(directory, `${name}-${hexOf(digestOf(text)).slice(0, 12)}.json`);
    await writeFile(path, text);
    return [name, path] as const;
  });
  return Object.fromEntries(await Promise.all(paths));
}

/** Sets `DOCKER_METADATA_OUTPUT_*` like docker/metadata-action; for a value that is too long, `…_FILE` names a file. */
export async function exportMetadata(values: Texts, runtime: Runtime): Promise<void> {
  const nameOf = (output: string) => `DOCKER_METADATA_OUTPUT_${output.replaceAll(/\W/g, '_').toUpperCase()}`;
  const tooLong = Object.entries(values).filter(
    ([name, value]) => Buffer.byteLength(`${nameOf(name)}=${value}`) >= longestVariable,
  );
  const files = tooLong.length === 0 ? {} : await writeOutputFiles(Object.fromEntries(tooLong));
  for (const [name, value] of Object.entries(values)) {
    const path = files[name];
    if (path === undefined) runtime.exportVariable(nameOf(name), value);
    else runtime.exportVariable(`${nameOf(name)}_FILE`, path);
  }
}

/** A summary that cannot be written is only a warning, since the work is done; some runners have no summary. */
export async function writeSummary(text: string): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  try {
    await core.summary.addRaw(maskSecrets(text)).write();
  } catch (error) {
    runnerLog.warning(`Cannot write the job summary: ${messageOf(error)}`);
  }
}
