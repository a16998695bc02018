import zlib from 'node:zlib';
import { Failure } from '../failure.ts';
import { roomFor } from './block-memory.ts';

/**
 * Compresses bytes to one zstd frame with a checksum; `freeMemory` may free the result. `level` is 1 to 19. A Failure
 * if this Node has no zstd.
 */
export async function zstdFrame(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  const [frame] = await zstdFramesOf([bytes], level);
  return frame as Uint8Array;
}

/** Compresses each part to a frame of its own, like `zstdFrame`; the frames share their memory. */
export async function zstdFramesOf(parts: readonly Uint8Array[], level: number): Promise<Uint8Array[]> {
  if (!('createZstdCompress' in zlib)) {
    throw new Failure(
      `Cannot compress with zstd: Node ${process.version} does not support it. Use Node 22.15 or newer, or compression: gzip.`,
    );
  }
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_e_end } = zlib.constants;
  // Writing with the directive to end the frame, and with room for all of it, compresses the bytes without a copy.
  // `zlib.zstdCompress` writes without it, so zstd copies the bytes, and then copies the frame once more.
  const engine = zlib.createZstdCompress({
    params: { [ZSTD_c_compressionLevel]: level, [ZSTD_c_checksumFlag]: 1 },
    flush: ZSTD_e_end,
    chunkSize: parts.reduce((room, part) => room + roomFor(part), 0),
  });
  const frames: Uint8Array[] = [];
  let pieces: Buffer[] = [];
  engine.on('data', (piece: Buffer) => pieces.push(piece));
  try {
    await new Promise<void>((resolve, reject) => {
      engine.on('error', reject);
      // All at once: the engine takes one after another, and what a write gives comes before its callback.
      for (const part of parts) {
        engine.write(part, error => {
          if (error) return;
          const [piece] = pieces;
          frames.push(piece !== undefined && pieces.length === 1 ? piece : Buffer.concat(pieces));
          pieces = [];
          if (frames.length === parts.length) resolve();
        });
      }
    });
  } finally {
    engine.destroy();
  }
  return frames;
}
