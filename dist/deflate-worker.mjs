import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import{deflateHere}from"./chunk-CPICF77B.mjs";import"./chunk-JQ5KFNCG.mjs";import{parentPort}from"node:worker_threads";parentPort?.on("message",task=>parentPort?.postMessage(deflateHere(task)));
