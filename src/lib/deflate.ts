import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { roomFor } from './block-memory.ts';
import { type DeflateTask, deflateHere } from './deflate-here.ts';

/** Bytes that are deflated at a time, at most. */
export const deflateBlockSize = 1 << 20;

/** Bytes that are deflated here sooner than a thread is started for them, which costs 50 ms of a processor. */
const fewBytes = 16 << 20;

/** Given to be deflated, here or in a thread. */
let bytesGiven = 0;

interface Deflater {
  readonly worker: Worker;
  /** In the order of the tasks that it was given. */
  readonly waiting: { done(size: number): void; fail(error: unknown): void }[];
}

/** Enough for the one thread that reads, hashes and writes; each takes 15 MB. */
const mostWorkers = 2;

const deflaters: Deflater[] = [];

/** Memory for a block, which a worker shares, and for whatever it becomes. */
export function allocateDeflateBlock(): Buffer {
  return Buffer.from(new SharedArrayBuffer(roomFor({ length: deflateBlockSize })));
}

/**
 * Deflates the bytes at the start of a block of `allocateDeflateBlock` in their place, after the first 16 MiB in threads: to
 * deflate blocks of which none is the last, RFC 1951, and which end on a whole byte. Rejects when a thread breaks down.
 */
export async function deflateInPlace({ buffer, length }: Buffer, level: number): Promise<Uint8Array> {
  const task: DeflateTask = { block: buffer as unknown as SharedArrayBuffer, length, level };
  bytesGiven += length;
  const size = bytesGiven <= fewBytes ? deflateHere(task) : await deflateInThread(task);
  return Buffer.from(buffer, 0, size);
}

function deflateInThread(task: DeflateTask): Promise<number> {
  const { worker, waiting } = leastBusy();
  return new Promise((done, fail) => {
    waiting.push({ done, fail });
    worker.ref();
    worker.postMessage(task);
  });
}

/** One that has nothing to do, else a new one while there are fewer than cores. */
function leastBusy(): Deflater {
  const [first] = deflaters.toSorted((a, b) => a.waiting.length - b.waiting.length);
  const isFull = deflaters.length >= Math.min(availableParallelism(), mostWorkers);
  return first !== undefined && (first.waiting.length === 0 || isFull) ? first : startDeflater();
}

function startDeflater(): Deflater {
  // Loaded where something is compressed: most runs of a warm registry have no need of it.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  // In dist it is the bundle beside this one. Node's options may be for the main thread alone, such as --input-type.
  const file = new URL(`./deflate-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 1 } });
  const deflater: Deflater = { worker, waiting: [] };
  deflaters.push(deflater);
  worker.on('message', (size: number) => {
    deflater.waiting.shift()?.done(size);
    // Idle, it keeps no process from its end.
    if (deflater.waiting.length === 0) worker.unref();
  });
  worker.on('error', error => {
    deflaters.splice(deflaters.indexOf(deflater), 1);
    for (const { fail } of deflater.waiting) fail(error);
  });
  return deflater;
}
