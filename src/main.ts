import { rm } from 'node:fs/promises';
import * as core from '@actions/core';
import { type InputName, inputTable } from './inputs/input-table.ts';
import { parseImages } from './inputs/parse-inputs.ts';
import { Failure } from './lib/failure.ts';
import { secretsInUrls } from './lib/http/url-login.ts';
import { inBackground } from './lib/pool.ts';
import { tuneGarbageCollection } from './lib/tune-garbage-collection.ts';
import { loadAction } from './load-action.ts';
import { metadataOutputs } from './metadata/metadata-outputs.ts';
import { failureSummary } from './report/failure-summary.ts';
import { metadataResultOf, outputFilesOf, outputsOf } from './report/outputs.ts';
import { summaryOf } from './report/summary.ts';
import { exportMetadata, writeOutputFiles, writeSummary } from './runtimes/output-files.ts';
import { openRunner, readStepInput, refuseUnknownInputs } from './runtimes/runner.ts';
import { failStep, runnerLog } from './runtimes/runner-log.ts';
import { forgetTemporary } from './runtimes/step-state.ts';

/** The step's main part. */
async function main(): Promise<void> {
  tuneGarbageCollection();
  for (const name of ['password', 'github-token', 'cache-signing-key', 'signing-key'] as const) {
    if (readStepInput(name).trim() !== '') runnerLog.secret(readStepInput(name).trim());
  }
  const texts = Object.keys(inputTable).map(name => readStepInput(name as InputName));
  for (const secret of secretsInUrls(texts.join('\n'))) runnerLog.secret(secret);
  refuseUnknownInputs();
  const images = parseImages(readStepInput);
  // git reads the checkout while the code of the mode is being loaded.
  const opening = inBackground(openRunner());
  const action = await loadAction(images[0].mode);
  const runtime = await opening;
  try {
    const result = await action(images, runtime);
    const files = await writeOutputFiles(outputFilesOf(result));
    for (const [name, value] of Object.entries({ ...outputsOf(result), ...files })) core.setOutput(name, value);
    const described = metadataResultOf(result);
    if (images[0].exportMetadata && described !== undefined) {
      await exportMetadata({ ...metadataOutputs(described.metadata), ...files }, runtime);
    }
    await writeSummary(summaryOf(result));
  } finally {
    await rm(runtime.temporary, { recursive: true, force: true });
    forgetTemporary(runtime.temporary);
  }
}

process.on('uncaughtException', error => {
  failStep(error);
  process.exit();
});
try {
  await main();
} catch (error) {
  failStep(error);
  await writeSummary(failureSummary(error));
  const { file } = (error instanceof Failure ? error.log : undefined) ?? {};
  if (file !== undefined) core.setOutput('build-log', file);
}
