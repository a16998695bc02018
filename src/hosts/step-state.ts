import { readFile, rm, writeFile } from 'node:fs/promises';
import * as core from '@actions/core';

const temporaryState = 'temporary';
const taskState = 'task';

/** Leaves word for the step's post part of the directory that this run may not live to remove. */
export function rememberTemporary(directory: string): void {
  core.saveState(temporaryState, directory);
}

/** In the post part: removes what a main part that was cancelled in mid-work left behind. */
export async function removeTemporary(): Promise<void> {
  const directory = core.getState(temporaryState);
  if (directory !== '') await rm(directory, { recursive: true, force: true });
}

/**
 * Leaves a task for the step's post part, instead of one that was left before. By a file, which nobody else may read: the
 * state comes back as a variable, which may have 128 KiB.
 */
export async function rememberTask(task: string, file: string): Promise<void> {
  await writeFile(file, task, { mode: 0o600 });
  core.saveState(taskState, file);
}

/** In the post part: the task that was left, if any. */
export async function takeTask(): Promise<string | undefined> {
  const file = core.getState(taskState);
  if (file === '') return undefined;
  const task = await readFile(file, 'utf8');
  await rm(file, { force: true });
  return task;
}
