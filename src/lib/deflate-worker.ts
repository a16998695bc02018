import { parentPort } from 'node:worker_threads';
import { type DeflateTask, deflateHere } from './deflate-here.ts';

parentPort?.on('message', (task: DeflateTask) => parentPort?.postMessage(deflateHere(task)));
