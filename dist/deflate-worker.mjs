import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  deflateHere
} from "./chunk-YZJIPNUZ.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/lib/deflate-worker.ts
import { parentPort } from "node:worker_threads";
parentPort?.on("message", (task) => parentPort?.postMessage(deflateHere(task)));
