import type { SizedClosure } from './stable.ts';

/** Store paths that a push sent, and those that it would have had to send with stable layers. Bytes of NARs. */
export interface StableSaving {
  readonly sent: number;
  readonly stable: number;
}

/** Store paths by layer. */
type Layers = readonly (readonly string[])[];

interface PushedLayers {
  /** The layers that were sent. */
  readonly sent: Layers;
  /** The layers of the image before. */
  readonly before: Layers;
  /** The stable layers of the image that was pushed. */
  readonly stable: Layers;
  /** Of the image that was pushed. */
  readonly closure: Pick<SizedClosure, 'get'>;
}

/** Bytes that are worth a sentence. */
const leastSaving = 1_000_000;

/**
 * What stable layers would have saved a push that sent layers again of which most did not change: at least half, and 1
 * MB or more; else undefined. A stable layer must be sent if it has a store path that the image before has not.
 */
export function stableSaving({ sent, before, stable, closure }: PushedLayers): StableSaving | undefined {
  const known = new Set(before.flat());
  const isNew = (path: string) => !known.has(path);
  const sizeOf = (layers: Layers) => layers.flat().reduce((sum, path) => sum + (closure.get(path)?.narSize ?? 0), 0);
  // A layer whose paths are those of a layer before was sent for another reason, such as another compression.
  const keyOf = (paths: readonly string[]) => paths.toSorted().join();
  const keys = new Set(before.filter(paths => paths.length > 0).map(keyOf));
  if (sent.some(paths => keys.has(keyOf(paths)))) return undefined;
  if (!sent.some(paths => 2 * sizeOf([paths.filter(isNew)]) < sizeOf([paths]))) return undefined;
  const saving = { sent: sizeOf(sent), stable: sizeOf(stable.filter(paths => paths.some(isNew))) };
  return saving.sent - saving.stable >= Math.max(leastSaving, saving.sent / 2) ? saving : undefined;
}
