/** A thread that `readParts` starts. */

import { parentPort, workerData } from 'node:worker_threads';
import { DamagedEntry } from './read-entry.ts';
import { readRemainingParts } from './read-parts.ts';

try {
  await readRemainingParts(workerData);
} catch (error) {
  if (!(error instanceof DamagedEntry)) throw error;
  parentPort?.postMessage(error.message);
}
