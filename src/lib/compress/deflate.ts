import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { roomFor } from './block-memory.ts';
import { compileDeflate, type DeflateTask, deflateHere } from './deflate-here.ts';

/** Bytes that are deflated at a time, at most. */
export const deflateBlockSize = 1 << 20;

/** Bytes that are deflated here before a thread is started for them, which costs 50 ms of a processor. */
const fewBytes = 8 << 20;

/** Given to be deflated, here or in a thread. */
let bytesGiven = 0;

interface Deflater {
  readonly worker: Worker;
  /** Whether it has started. */
  isReady: boolean;
  /** In the order of the tasks that it was given. */
  readonly waiting: { done(size: number): void; fail(error: unknown): void }[];
}

const deflaters: Deflater[] = [];

/** Memory for a block, which a worker shares, and for whatever it becomes. */
export function allocateDeflateBlock(): Buffer {
  return Buffer.from(new SharedArrayBuffer(roomFor({ length: deflateBlockSize })));
}

/**
 * Deflates the bytes at the start of a block of `allocateDeflateBlock` in their place, after the first 8 MiB in threads as
 * soon as these are ready: to deflate blocks of which none is the last, RFC 1951, and which end on a whole byte. Rejects
 * when a thread breaks down.
 */
export async function deflateInPlace({ buffer, length }: Buffer, level: number): Promise<Uint8Array> {
  const task: DeflateTask = { block: buffer as unknown as SharedArrayBuffer, length, level };
  bytesGiven += length;
  const deflater = bytesGiven <= fewBytes ? undefined : leastBusy(level);
  const size = deflater === undefined ? deflateHere(task) : await deflateInThread(task, deflater);
  return Buffer.from(buffer, 0, size);
}

function deflateInThread(task: DeflateTask, { worker, waiting }: Deflater): Promise<number> {
  return new Promise((done, fail) => {
    waiting.push({ done, fail });
    worker.ref();
    worker.postMessage(task);
  });
}

/** Of those that are ready, if there is one; where all are busy another one is started. */
function leastBusy(level: number): Deflater | undefined {
  const [first] = deflaters.filter(({ isReady }) => isReady).sort((a, b) => a.waiting.length - b.waiting.length);
  const isBusy = first === undefined || first.waiting.length > 0;
  if (isBusy && deflaters.length < mostDeflaters(level)) startDeflater();
  return first;
}

/**
 * Two are enough for the one thread that reads, hashes and writes, and each takes 15 MB. That thread and one at level 1
 * keep two cores busy.
 */
function mostDeflaters(level: number): number {
  const cores = availableParallelism();
  return Math.max(1, Math.min(level === 1 ? cores - 1 : cores, 2));
}

function startDeflater(): void {
  // Loaded where something is compressed: most runs of a warm registry have no need of it.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  // In dist it is the bundle beside this one. Node's options may be for the main thread alone, such as --input-type.
  const file = new URL(`./deflate-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 1 },
    workerData: compileDeflate(),
  });
  const deflater: Deflater = { worker, isReady: false, waiting: [] };
  deflaters.push(deflater);
  worker.once('online', () => {
    deflater.isReady = true;
    // Idle, it keeps no process from its end.
    worker.unref();
  });
  worker.on('message', (size: number) => {
    deflater.waiting.shift()?.done(size);
    if (deflater.waiting.length === 0) worker.unref();
  });
  worker.on('error', error => {
    deflaters.splice(deflaters.indexOf(deflater), 1);
    for (const { fail } of deflater.waiting) fail(error);
  });
}
