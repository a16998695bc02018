import { parentPort, workerData } from 'node:worker_threads';
import { type DeflateTask, deflateHere, takeDeflate } from './deflate-here.ts';

takeDeflate(workerData as object);
parentPort?.on('message', (task: DeflateTask) => parentPort?.postMessage(deflateHere(task)));
