import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { roomFor } from './block-memory.ts';
import { compileDeflate, type DeflateTask, deflateHere } from './deflate-here.ts';

/** Most bytes to deflate at a time. */
export const deflateBlockSize = 1 << 20;

/** Another thread is worth its start, 30 ms of processor time, for more bytes than these. */
const fewBytes = 8 << 20;
/** Bytes that this thread has deflated while there was no other. */
let bytesHere = 0;

interface Deflater {
  readonly worker: Worker;
  /** Whether the thread has started. */
  isReady: boolean;
  /** In the order in which the worker got its tasks. */
  readonly waiting: { readonly length: number; done(size: number): void; fail(error: unknown): void }[];
}

const deflaters: Deflater[] = [];

/** Memory for a block and its deflated form, which workers share. */
export function allocateDeflateBlock(): Buffer {
  return Buffer.from(new SharedArrayBuffer(roomFor({ length: deflateBlockSize })));
}

/** Starts a thread if so many bytes, which are about to be deflated, are worth it. */
export function expectToDeflate(bytes: number): void {
  if (bytes > fewBytes && deflaters.length === 0) startDeflater();
}

/**
 * Deflates the bytes at the start of a block of `allocateDeflateBlock` in place, in threads as soon as they are ready; the
 * first one starts after 8 MiB, or when `expectToDeflate` says so. The result is deflate blocks (RFC 1951) that end on a
 * whole byte, none of which is the last. Rejects if a thread breaks down.
 */
export async function deflateInPlace({ buffer, length }: Buffer, level: number): Promise<Uint8Array> {
  const task: DeflateTask = { block: buffer as unknown as SharedArrayBuffer, length, level };
  if (deflaters.length === 0) {
    bytesHere += length;
    expectToDeflate(bytesHere);
  }
  const deflater = deflaters.length === 0 ? undefined : findDeflater(task);
  const size = deflater === undefined ? deflateHere(task) : await deflateInThread(task, deflater);
  return Buffer.from(buffer, 0, size);
}

function deflateInThread(task: DeflateTask, { worker, waiting }: Deflater): Promise<number> {
  return new Promise((done, fail) => {
    waiting.push({ length: task.length, done, fail });
    worker.ref();
    worker.postMessage(task);
  });
}

/**
 * The least busy worker that is ready. If all are busy, another one starts. Undefined if this thread should deflate the block:
 * if no worker is ready, or, at level 1, if three times as many bytes wait for each: enough for the time that this thread
 * takes for the block and for the reading of the next.
 */
function findDeflater({ length, level }: DeflateTask): Deflater | undefined {
  const [first] = deflaters.filter(({ isReady }) => isReady).sort((a, b) => bytesWaiting(a) - bytesWaiting(b));
  const isBusy = first === undefined || first.waiting.length > 0;
  if (isBusy && deflaters.length < mostDeflaters(level)) startDeflater();
  const isSlow = first === undefined || (level === 1 && bytesWaiting(first) >= 3 * length);
  return isSlow ? undefined : first;
}

/** Bytes given to a worker that it has not deflated yet. */
function bytesWaiting({ waiting }: Deflater): number {
  return waiting.reduce((sum, { length }) => sum + length, 0);
}

let cores: number | undefined;

/**
 * Two threads are enough for the one thread that reads, hashes and writes, and each takes 15 MB. That thread and one at
 * level 1 keep two cores busy.
 */
function mostDeflaters(level: number): number {
  cores ??= availableParallelism();
  return Math.max(1, Math.min(level === 1 ? cores - 1 : cores, 2));
}

function startDeflater(): void {
  // Loaded only when something is compressed, which most runs with a warm registry never do.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  // In dist it is the bundle next to this one. Node's options, such as --input-type, may be for the main thread only.
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
    // An idle worker does not keep the process running.
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
