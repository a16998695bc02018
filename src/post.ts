import * as core from '@actions/core';
import { removeTemporary } from './hosts/step-state.ts';
import { messageOf } from './lib/failure.ts';

/** The step's post part, after the job: clears away. A failure here must not fail a job that has done its work. */
try {
  await removeTemporary();
} catch (error) {
  core.warning(`Cannot clear away: ${messageOf(error)}.`);
}
