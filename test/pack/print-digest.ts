import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCompression } from '../../src/pack/compression.ts';
import { imageOf, layerOf } from '../registry/push-image.ts';
import { pack } from '../support/pack.ts';

// Packs an image of layers that are larger than a block of either compressor, and prints its digest for each method that
// the arguments name, one per line.
const directory = await mkdtemp(join(tmpdir(), 'print-digest-'));
try {
  const layers = [layerOf('a', 9_000_001), layerOf('b', 1 << 20), layerOf('c', 0), layerOf('d', 1)];
  for (const method of process.argv.slice(2)) {
    const place = await mkdtemp(join(directory, 'image-'));
    const { manifest } = await pack(imageOf(layers), place, { compression: parseCompression(method, '') });
    console.log(manifest.descriptor.digest);
  }
} finally {
  await rm(directory, { recursive: true });
}
