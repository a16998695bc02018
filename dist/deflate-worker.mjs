import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  deflateHere,
  takeDeflate
} from "./chunk-R3JF3YFP.mjs";
import "./chunk-DNGIBJ4B.mjs";

// src/lib/compress/deflate-worker.ts
import { parentPort, workerData } from "node:worker_threads";
takeDeflate(workerData);
parentPort?.on("message", (task) => parentPort?.postMessage(deflateHere(task)));
