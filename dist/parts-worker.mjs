import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import{DamagedEntry,takeParts}from"./chunk-COV7KNP2.mjs";import"./chunk-UEA5KZH7.mjs";import"./chunk-JQ5KFNCG.mjs";import{parentPort,workerData}from"node:worker_threads";try{await takeParts(workerData)}catch(error){if(!(error instanceof DamagedEntry))throw error;parentPort?.postMessage(error.message)}
