import { rm } from 'node:fs/promises';
import { parseImages } from './inputs/parse-inputs.ts';
import { messageOf } from './lib/failure.ts';
import { tuneGarbageCollection } from './lib/tune-garbage-collection.ts';
import { removeJobRecord } from './runtimes/job-record.ts';
import { openRunner, readStepInput } from './runtimes/runner.ts';
import { runnerLog } from './runtimes/runner-log.ts';
import { removeTemporary, takeTask } from './runtimes/step-state.ts';
import { runPostTask } from './stages/build/save-after.ts';

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

process.on('uncaughtException', error => {
  runnerLog.warning(`The post step failed: ${messageOf(error)}`);
  process.exit();
});
tuneGarbageCollection();
/** The post step saves the store cache and removes temporary files. Its failures are warnings, since the job has done its work. */
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
// Open sockets of a client must not delay the job.
process.exit();
