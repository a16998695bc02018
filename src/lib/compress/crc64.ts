import { endianness } from 'node:os';

/**
 * A running CRC-64 of ISO 3309, Go's `crc64.ISO`: the polynomial is x^64 + x^4 + x^3 + x + 1, bits are reflected, and
 * the sum is inverted before and after.
 */
export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** The sum of all bytes so far, big-endian. */
  digest(): Buffer;
}

/**
 * What the lowest byte of a sum adds to the upper half when it is shifted out: the byte times x^64, which is the byte
 * times x^4 + x^3 + x + 1. The lower half never gets any of it.
 */
const byteFolds = Int32Array.from({ length: 256 }, (_, byte) => foldOf(byte << 24));
/** The same for the bits that are lost when a whole sum is shifted by 1, 3 and 4. */
const wordFolds = Int32Array.from({ length: 16 }, (_, bits) => foldOf((bits << 31) ^ (bits << 29) ^ (bits << 28)));

/** Bytes outside of whole words of memory are added one by one, at a third of the speed. */
const noWords = new Int32Array(0);
const isLittleEndian = endianness() === 'LE';

export function createCrc64(): Crc64 {
  let low = -1;
  let high = -1;
  return {
    update(bytes) {
      const isFit = isLittleEndian && bytes.byteOffset % 4 === 0;
      const words = isFit ? new Int32Array(bytes.buffer, bytes.byteOffset, (bytes.length >> 3) * 2) : noWords;
      let [l, h] = [low, high];
      for (let i = 0; i < words.length; i += 2) {
        // Adds eight bytes at once: the sum times x^64, which is the sum of itself shifted by 0, 1, 3 and 4 bits.
        const a = l ^ (words[i] as number);
        const b = h ^ (words[i + 1] as number);
        l = a ^ ((a >>> 1) | (b << 31)) ^ ((a >>> 3) | (b << 29)) ^ ((a >>> 4) | (b << 28));
        h = foldOf(b) ^ (wordFolds[a & 15] as number);
      }
      for (let at = words.byteLength; at < bytes.length; at++) {
        const fold = byteFolds[(l ^ (bytes[at] as number)) & 0xff] as number;
        l = (l >>> 8) | (h << 24);
        h = (h >>> 8) ^ fold;
      }
      [low, high] = [l, h];
    },
    digest() {
      const sum = Buffer.alloc(8);
      sum.writeInt32BE(~high, 0);
      sum.writeInt32BE(~low, 4);
      return sum;
    },
  };
}

/** The upper half of a sum times x^4 + x^3 + x + 1. */
function foldOf(high: number): number {
  return high ^ (high >>> 1) ^ (high >>> 3) ^ (high >>> 4);
}
