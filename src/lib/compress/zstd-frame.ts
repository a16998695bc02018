import zlib from 'node:zlib';
import { Failure } from '../failure.ts';
import { roomFor } from './block-memory.ts';

/**
 * Compresses bytes to one zstd frame with a checksum, which may be freed with `freeMemory`. `level` is 1 to 19. A Failure
 * where this Node has no zstd.
 */
export async function zstdFrame(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  if (!('createZstdCompress' in zlib)) {
    throw new Failure(`Cannot compress with zstd: Node ${process.version} cannot. Use Node 22.15 or newer, or gzip.`);
  }
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_e_end } = zlib.constants;
  // Written with the order to end the frame, and with room for all of it, bytes are compressed where they are. What
  // `zlib.zstdCompress` does is to write them without it, so that zstd copies them, and to copy the frame once more.
  const engine = zlib.createZstdCompress({
    params: { [ZSTD_c_compressionLevel]: level, [ZSTD_c_checksumFlag]: 1 },
    flush: ZSTD_e_end,
    chunkSize: roomFor(bytes),
  });
  const parts: Buffer[] = [];
  engine.on('data', (part: Buffer) => parts.push(part));
  try {
    await new Promise<void>((resolve, reject) => {
      engine.once('error', reject);
      engine.write(bytes, error => (error ? reject(error) : resolve()));
    });
  } finally {
    engine.destroy();
  }
  const [frame] = parts;
  return frame !== undefined && parts.length === 1 ? frame : Buffer.concat(parts);
}
