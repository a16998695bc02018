import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { settleAll } from '../lib/pool.ts';
import { DamagedEntry, type EntryPart, readPart } from './read-entry.ts';
import { noSink, unpackNar } from './unpack-nar.ts';

/** Options for reading an entry. */
export interface Reading {
  readonly parts: readonly EntryPart[];
  /** The path that each store path's NAR is unpacked to; undefined if it is only checked. Other paths are skipped. */
  readonly targets: ReadonlyMap<string, string | undefined>;
}

/** A read that several threads share. */
export interface SharedReading extends Reading {
  /** One number in shared memory: how many parts are already assigned. */
  readonly taken: Int32Array;
}

/** More threads would wait for the disk, and each takes 20 MB. */
const mostThreads = 4;
/** Frames that are read in the time that a thread takes to start. */
const fewestFrames = 4;

/**
 * Checks all NARs that have a target and unpacks them, on all cores. A DamagedEntry as soon as one is not what it
 * should be. If the run is cancelled, it stops after the parts that are being read, and throws the reason.
 */
export async function readParts({ parts, targets }: Reading, cancelled?: AbortSignal): Promise<void> {
  const wanted = parts.filter(({ paths }) => paths.some(({ path }) => targets.has(path)));
  // The largest first, so no thread has much left when the others are finished.
  const sorted = wanted.sort((a, b) => b.frames.length - a.frames.length);
  const reading = { parts: sorted, targets, taken: new Int32Array(new SharedArrayBuffer(4)) };
  // This thread has the largest part.
  const left = sorted.slice(1).reduce((sum, { frames }) => sum + frames.length, 0);
  const threads = Math.min(Math.min(availableParallelism(), mostThreads) - 1, Math.floor(left / fewestFrames));
  const stop = () => stopReading(reading);
  cancelled?.addEventListener('abort', stop);
  try {
    const others = Array.from({ length: threads }, () => readBeside(reading));
    await settleAll([...others, readRemainingParts(reading)]);
  } finally {
    cancelled?.removeEventListener('abort', stop);
  }
  cancelled?.throwIfAborted();
}

/** No thread takes another part. */
function stopReading({ taken, parts }: SharedReading): void {
  Atomics.store(taken, 0, parts.length);
}

/** Reads parts until all are taken, by any thread. */
export async function readRemainingParts(reading: SharedReading): Promise<void> {
  const { parts, targets, taken } = reading;
  try {
    for (;;) {
      const part = parts[Atomics.add(taken, 0, 1)];
      if (part === undefined) return;
      readPart(part, ({ path }) => {
        const target = targets.get(path);
        return target === undefined ? (targets.has(path) ? noSink : undefined) : unpackNar(target);
      });
      // Lets this thread handle signals and its other work.
      await setImmediate();
    }
  } catch (error) {
    stopReading(reading);
    throw error;
  }
}

/** Reads in another thread, which reports a DamagedEntry as a message. */
function readBeside(reading: SharedReading): Promise<void> {
  // Loaded only when an entry is read, which a run that reuses a result does not do.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  // In dist it is the bundle next to this one.
  const worker = new Worker(new URL(`./parts-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: reading,
  });
  return new Promise((resolve, reject) => {
    worker.once('message', message => reject(new DamagedEntry(message)));
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}
