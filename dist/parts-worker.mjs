import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  DamagedEntry,
  readRemainingParts
} from "./chunk-MGSFRYDV.mjs";
import "./chunk-ROPKUCAE.mjs";
import "./chunk-G5OCPV4E.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-LI5CVXRG.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-GPVCC3OF.mjs";
import "./chunk-CNJZ53BR.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-3M57GHHF.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";

// src/cache/parts-worker.ts
import { parentPort, workerData } from "node:worker_threads";
try {
  await readRemainingParts(workerData);
} catch (error) {
  if (!(error instanceof DamagedEntry)) throw error;
  parentPort?.postMessage(error.message);
}
