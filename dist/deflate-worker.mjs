import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  deflateHere,
  takeDeflate
} from "./chunk-MTZ6CDKL.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/lib/compress/deflate-worker.ts
import { parentPort, workerData } from "node:worker_threads";
takeDeflate(workerData);
parentPort?.on("message", (task) => parentPort?.postMessage(deflateHere(task)));
