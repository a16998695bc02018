import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Compression, compressionOf } from '../lib/decompress.ts';

/** What a file turned out to be. Recognised by content, never by name. */
export type Shape = 'tar' | 'script' | 'stream-settings' | 'nix2container' | 'unknown' | Compression;

/** Bytes that tell: a tar's magic ends at 262, and JSON of either kind names its keys within the first few. */
const startSize = 4096;

/** Tells the shape of a file by its first bytes. */
export function shapeOf(path: string): Shape {
  const { start, mode } = readStart(path);
  const compression = compressionOf(start);
  if (compression === 'bzip2') return 'unknown';
  if (compression !== undefined) return compression;
  if (start.toString('latin1', 257, 262) === 'ustar') return 'tar';
  if (isScript(start)) return (mode & 0o111) === 0 ? 'unknown' : 'script';
  if (start[0] !== 0x7b) return 'unknown';
  // nix2container writes version, image-config, layers; streamLayeredImage's settings have none of these keys.
  return /"(version|image-config)"\s*:/.test(start.toString('utf8')) ? 'nix2container' : 'stream-settings';
}

/** What a file of unknown shape is, for an error. */
export function describeFile(path: string): string {
  const { start } = readStart(path);
  if (start.length === 0) return 'an empty file';
  if (isScript(start)) return 'a script that is not executable';
  if (compressionOf(start) === 'bzip2') return 'compressed with bzip2';
  if (start.toString('latin1', 1, 4) === 'ELF') return 'a program';
  return `a file of another kind (it begins with ${JSON.stringify(start.toString('latin1', 0, 16))})`;
}

function isScript(start: Buffer): boolean {
  return start.toString('latin1', 0, 2) === '#!';
}

function readStart(path: string): { start: Buffer; mode: number } {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(startSize);
    const length = readSync(file, start, 0, startSize, 0);
    return { start: start.subarray(0, length), mode: fstatSync(file).mode };
  } finally {
    closeSync(file);
  }
}
