import type { CheckedImage } from './checked-image.ts';
import { type CheckedLayer, hides } from './image-files.ts';
import type { LayerFiles } from './layer-files.ts';
import { storePathIn } from './store-place.ts';

/** The share of the layers' bytes that a container can see, from 0 to 1, and the wasted files. Sizes in bytes. */
export interface Efficiency {
  readonly score: number;
  /** Wasted bytes by path: of files that are in several layers, or that a layer above removes. */
  readonly wasted: ReadonlyMap<string, number>;
}

interface Copies {
  smallest: number;
  sum: number;
}

/** The lowest efficiency that dive accepts in CI. */
const lowestScore = 0.9;

/**
 * The efficiency as dive computes it: the size of the smallest copy of each file, divided by the size of all copies. A
 * store path counts as one file. Undefined if a layer was not read.
 * https://github.com/wagoodman/dive/blob/main/dive/filetree/efficiency.go
 */
export function efficiencyOf(layers: readonly CheckedLayer[]): Efficiency | undefined {
  const copies = new Map<string, Copies>();
  for (const { files } of layers) {
    if (files?.isComplete !== true) return undefined;
    removeHidden(copies, files);
    for (const [path, size] of sizesOf(files)) addCopy(copies, path, size);
  }
  const all = [...copies];
  const total = all.reduce((sum, [, copy]) => sum + copy.sum, 0);
  const useful = all.reduce((sum, [, copy]) => sum + copy.smallest, 0);
  const wasted = all.flatMap(([path, { sum, smallest }]) => (sum > smallest ? [[path, sum - smallest] as const] : []));
  return { score: total === 0 ? 1 : useful / total, wasted: new Map(wasted.toSorted(([, a], [, b]) => b - a)) };
}

/** Names the largest files that are in several layers, if they waste a tenth of the image. */
export function findDuplicates({ layers }: CheckedImage): string[] {
  const efficiency = efficiencyOf(layers);
  if (efficiency === undefined || efficiency.score >= lowestScore) return [];
  const { score, wasted } = efficiency;
  return [
    `the efficiency is ${(score * 100).toFixed(1)} %`,
    ...[...wasted].map(([path, size]) => `${path} (${size} bytes)`),
  ];
}

function* sizesOf({ entries, storeSizes }: LayerFiles): Generator<readonly [string, number]> {
  yield* storeSizes;
  for (const [path, { type, size }] of entries) {
    if (type === 'file' && storePathIn(path) === undefined) yield [path, size];
  }
}

function addCopy(copies: Map<string, Copies>, path: string, size: number): void {
  const before = copies.get(path);
  copies.set(path, {
    smallest: Math.min(before?.smallest ?? size, size),
    sum: (before?.sum ?? 0) + size,
  });
}

function removeHidden(copies: Map<string, Copies>, files: LayerFiles): void {
  if (files.removed.size + files.opaque.size === 0) return;
  for (const [path, copy] of copies) if (hides(files, path)) copy.smallest = 0;
}
