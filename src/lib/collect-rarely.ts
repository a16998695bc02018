import { setFlagsFromString } from 'node:v8';

/**
 * Lets the garbage collector wait until the heap is three times as large as what it left. Nearly all memory of a run is
 * buffers, and beside a heap this small V8 by itself looks through all of it for each 10 MB of them: a fifth of the
 * processor time of a push. Has to be said before much is loaded.
 */
export function collectRarely(): void {
  setFlagsFromString('--heap-growing-percent=200');
}
