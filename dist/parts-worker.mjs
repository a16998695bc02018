import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  DamagedEntry,
  readRemainingParts
} from "./chunk-C7A6GD7E.mjs";
import "./chunk-NQMJJ5S4.mjs";
import "./chunk-Z6I6B3TS.mjs";
import "./chunk-7T77N3KP.mjs";
import "./chunk-R6VUWMYB.mjs";
import "./chunk-32ADV6HS.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/cache/parts-worker.ts
import { parentPort, workerData } from "node:worker_threads";
try {
  await readRemainingParts(workerData);
} catch (error) {
  if (!(error instanceof DamagedEntry)) throw error;
  parentPort?.postMessage(error.message);
}
