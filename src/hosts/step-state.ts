import { rm } from 'node:fs/promises';
import * as core from '@actions/core';

const temporaryState = 'temporary';

/** Leaves word for the step's post part of the directory that this run may not live to remove. */
export function rememberTemporary(directory: string): void {
  core.saveState(temporaryState, directory);
}

/** In the post part: removes what a main part that was cancelled in mid-work left behind. */
export async function removeTemporary(): Promise<void> {
  const directory = core.getState(temporaryState);
  if (directory !== '') await rm(directory, { recursive: true, force: true });
}
