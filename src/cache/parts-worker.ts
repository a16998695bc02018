/** A thread that `readParts` starts. */

import { parentPort, workerData } from 'node:worker_threads';
import { DamagedEntry } from './read-entry.ts';
import { takeParts } from './read-parts.ts';

try {
  await takeParts(workerData);
} catch (error) {
  if (!(error instanceof DamagedEntry)) throw error;
  parentPort?.postMessage(error.message);
}
