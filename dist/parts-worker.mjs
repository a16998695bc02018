import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  DamagedEntry,
  takeParts
} from "./chunk-A55I5EEE.mjs";
import "./chunk-53FLZ3FC.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/cache/parts-worker.ts
import { parentPort, workerData } from "node:worker_threads";
try {
  await takeParts(workerData);
} catch (error) {
  if (!(error instanceof DamagedEntry)) throw error;
  parentPort?.postMessage(error.message);
}
