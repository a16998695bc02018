import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCompression } from '../../src/pack/compression.ts';
import { imageOf, layerOf } from '../registry/push-image.ts';
import { pack } from '../support/pack.ts';

// Packs an image of layers that are larger than a block of either compressor, and prints its digest.
const directory = await mkdtemp(join(tmpdir(), 'print-digest-'));
try {
  const layers = [layerOf('a', 9_000_001), layerOf('b', 1 << 20), layerOf('c', 0), layerOf('d', 1)];
  const compression = parseCompression(process.argv[2] ?? '', '');
  const { manifest } = await pack(imageOf(layers), directory, { compression });
  console.log(manifest.descriptor.digest);
} finally {
  await rm(directory, { recursive: true });
}
