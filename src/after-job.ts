import { rm } from 'node:fs/promises';
import { parseImages } from './inputs/parse-inputs.ts';
import { messageOf } from './lib/failure.ts';
import { removeJobRecord } from './runtimes/job-record.ts';
import { openRunner, readStepInput } from './runtimes/runner.ts';
import { runnerLog } from './runtimes/runner-log.ts';
import { removeTemporary, takeTask } from './runtimes/step-state.ts';
import { runPostTask } from './stages/build/save-after.ts';

/**
 * Removes temporary files of the main step, and saves what it left to save. Failures are warnings, since the job has
 * done its work.
 */
export async function afterJob(): Promise<void> {
  process.on('uncaughtException', error => {
    runnerLog.warning(`The post step failed: ${messageOf(error)}`);
    process.exit();
  });
  for (const [description, part] of [
    ['remove temporary files', removeTemporary],
    ['remove the record of the job', removeJobRecord],
    ['save the store cache', doTask],
  ] as const) {
    try {
      await part();
    } catch (error) {
      runnerLog.warning(`Cannot ${description}: ${messageOf(error)}`);
    }
  }
}

/** Runs the task that the main step stored. */
async function doTask(): Promise<void> {
  const task = await takeTask();
  if (task === undefined) return;
  const [inputs] = parseImages(readStepInput);
  const runtime = await openRunner();
  try {
    await runPostTask(task, { inputs, runtime });
  } finally {
    await rm(runtime.temporary, { recursive: true, force: true });
  }
}
