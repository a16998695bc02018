import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  DamagedEntry,
  takeParts
} from "./chunk-P2O3J3TS.mjs";
import "./chunk-IQWQOVRW.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/cache/parts-worker.ts
import { parentPort, workerData } from "node:worker_threads";
try {
  await takeParts(workerData);
} catch (error) {
  if (!(error instanceof DamagedEntry)) throw error;
  parentPort?.postMessage(error.message);
}
