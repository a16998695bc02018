import { constants, existsSync } from 'node:fs';
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import { Failure, hasCode } from '../lib/failure.ts';
import { leftTemporary } from './left-for-post.ts';
import { isOwnDirectory, isTemporary } from './temporary-directory.ts';

/** Directory for files of a step that need not outlast the job. */
export function temporaryRoot(): string {
  return process.env.RUNNER_TEMP || tmpdir();
}

/** Records the run's directory, which the post step removes if this run is killed. */
export function rememberTemporary(directory: string): void {
  core.saveState(leftTemporary, directory);
}

/**
 * At the end of the main step, after its directory is removed: the post step has nothing to do, unless there is a task.
 */
export function forgetTemporary(directory: string): void {
  if (!existsSync(taskFile(directory))) core.saveState(leftTemporary, '');
}

/** Stores a task for the post step in a file that only this user can read; replaces an earlier task. */
export async function rememberTask(task: string, temporary: string): Promise<void> {
  await writeFile(taskFile(temporary), task, { mode: 0o600 });
}

const taskFile = (temporary: string) => `${temporary}.task`;

/**
 * In the post step: the directory of the main step. The state is a variable, which text in a log may have set if
 * GITHUB_STATE is not a file. So it is accepted only if `openRunner` could have made this directory.
 */
function mainTemporary(): string | undefined {
  const directory = core.getState(leftTemporary);
  if (directory === '') return undefined;
  if (isTemporary(directory, temporaryRoot())) return directory;
  throw new Failure(`the state of the step names "${directory}", which this action did not create.`);
}

/** In the post step: removes the directory of a main step that was killed. */
export async function removeTemporary(): Promise<void> {
  const directory = mainTemporary();
  if (directory === undefined) return;
  try {
    if (!(await isOwnDirectory(directory))) throw new Failure(`${directory} was not created by this user.`);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await rm(directory, { recursive: true, force: true });
}

/** Bytes. A task that names all paths of a large store has a few MiB. */
const largestTask = 64 << 20;

/** In the post step: the task of the main step, if any. A Failure if its file was not written by this action. */
export async function takeTask(): Promise<string | undefined> {
  const temporary = mainTemporary();
  if (temporary === undefined) return undefined;
  const task = await readOwnFile(taskFile(temporary));
  if (task !== undefined) await rm(taskFile(temporary));
  return task;
}

/**
 * Reads a file that this user wrote for itself only; undefined if there is none. A Failure if it is another user's, or
 * not a regular file.
 */
export async function readOwnFile(path: string): Promise<string | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    const found = await file.stat();
    const isPrivate =
      found.isFile() && found.uid === process.getuid?.() && found.nlink === 1 && (found.mode & 0o077) === 0;
    if (!isPrivate || found.size > largestTask) throw new Failure(`${path} is not a file that the main part wrote.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
