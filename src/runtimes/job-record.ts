import { createHash, randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { JobRecord } from '../runtime.ts';
import { leftRecord } from './left-for-post.ts';
import { readOwnFile, temporaryRoot } from './step-state.ts';

/**
 * The record of this job, a file that only the user can access. The runner empties RUNNER_TEMP for each job; elsewhere
 * the name differs by job.
 */
export const jobRecord: JobRecord = {
  read: () => readOwnFile(recordPath()),
  async write(text) {
    // Renamed to its final path, so nothing planted there is followed or written to.
    core.saveState(leftRecord, 'true');
    const temporary = `${recordPath()}.${randomUUID()}`;
    try {
      await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
      await rename(temporary, recordPath());
    } finally {
      await rm(temporary, { force: true });
    }
  },
};

/** In the post part, after all steps of the job. */
export async function removeJobRecord(): Promise<void> {
  await rm(recordPath(), { force: true });
}

function recordPath(): string {
  const { GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = process.env;
  const job = JSON.stringify([GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB]);
  return join(temporaryRoot(), `nix-image-job-${createHash('sha256').update(job).digest('hex').slice(0, 16)}.json`);
}
