import { compareTars } from '../../inspect/compare-tars.ts';
import type { Layer } from '../../oci/image.ts';
import { openTar } from '../../pack/pack-layer.ts';
import { fileDifferenceLines } from '../../report/file-differences.ts';

/** A layer whose bytes differ in the second build. */
export interface DifferentLayer {
  /** For people: its number, contents and digests. */
  readonly name: string;
  readonly first: Layer;
  readonly second: Layer;
}

/** Layers whose files are compared. */
const mostLayers = 5;

/** What differs in these layers, file by file, in a bounded number of lines. */
export async function layerDifferences(layers: readonly DifferentLayer[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, first, second } of layers.slice(0, mostLayers)) {
    const files = fileDifferenceLines(await compareTars(tarOf(first), tarOf(second)));
    lines.push(name, ...files.map(line => `  ${line}`));
  }
  const more = layers.length - mostLayers;
  return more > 0 ? [...lines, `and ${more} more layers`] : lines;
}

function tarOf(layer: Layer) {
  const description = layer.description ?? `the layer ${layer.descriptor?.digest ?? layer.diffId ?? ''}`;
  return { description, open: () => openTar(layer) };
}
