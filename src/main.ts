import { rm } from 'node:fs/promises';
import * as core from '@actions/core';
import { exportMetadata, writeOutputFiles } from './hosts/output-files.ts';
import { openRunner, readStepInput, refuseUnknownInputs } from './hosts/runner.ts';
import { parseInputs } from './inputs.ts';
import { Failure, messageOf } from './lib/failure.ts';
import { metadataOutputs } from './metadata/metadata-outputs.ts';
import { outputFilesOf, outputsOf } from './report/outputs.ts';
import { hasImage } from './report/result.ts';
import { summaryOf } from './report/summary.ts';
import { describe, run } from './run.ts';

/** The step's main part. */
async function main(): Promise<void> {
  for (const name of ['password', 'github-token'] as const) {
    if (readStepInput(name).trim() !== '') core.setSecret(readStepInput(name).trim());
  }
  refuseUnknownInputs();
  const inputs = parseInputs(readStepInput);
  const host = await openRunner();
  try {
    const result = inputs.mode === 'metadata' ? await describe(inputs, host) : await run(inputs, host);
    const files = await writeOutputFiles(outputFilesOf(result));
    for (const [name, value] of Object.entries({ ...outputsOf(result), ...files })) core.setOutput(name, value);
    if (inputs.exportMetadata) await exportMetadata({ ...metadataOutputs(result.metadata), ...files }, host);
    if (hasImage(result)) await core.summary.addRaw(summaryOf(result)).write();
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
