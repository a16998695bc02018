import { rm } from 'node:fs/promises';
import * as core from '@actions/core';
import { openRunner, readStepInput, refuseUnknownInputs } from './hosts/runner.ts';
import { parseInputs } from './inputs.ts';
import { Failure, messageOf } from './lib/failure.ts';
import { outputsOf } from './report/outputs.ts';
import { summaryOf } from './report/summary.ts';
import { run } from './run.ts';

/** The step's main part. */
async function main(): Promise<void> {
  for (const name of ['password', 'github-token'] as const) {
    if (readStepInput(name).trim() !== '') core.setSecret(readStepInput(name).trim());
  }
  refuseUnknownInputs();
  const inputs = parseInputs(readStepInput);
  const host = await openRunner();
  try {
    const result = await run(inputs, host);
    for (const [name, value] of Object.entries(outputsOf(result))) core.setOutput(name, value);
    await core.summary.addRaw(summaryOf(result)).write();
  } finally {
    await rm(host.temporary, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  core.setFailed(messageOf(error));
  if (!(error instanceof Failure) && error instanceof Error) core.info(error.stack ?? '');
}
