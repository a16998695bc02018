import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CompressedFormat, compressedFormatOf } from '../lib/compress/decompress.ts';
import { hasCode } from '../lib/failure.ts';

/** The shape of a file, recognised by content and never by name. */
export type Shape = 'tar' | 'script' | 'stream-settings' | 'nix2container' | 'unknown' | CompressedFormat;

/** Bytes that suffice: a tar's magic ends at 262, and JSON of either kind has its keys within the first few. */
const startSize = 4096;

/** Recognises the shape of a file by its first bytes. */
export function shapeOf(path: string): Shape {
  const { start, mode } = readStart(path);
  const compression = compressedFormatOf(start);
  if (compression === 'bzip2') return 'unknown';
  if (compression !== undefined) return compression;
  if (start.toString('latin1', 257, 262) === 'ustar') return 'tar';
  if (isScript(start)) return (mode & 0o111) === 0 ? 'unknown' : 'script';
  // A Nix file may begin with a brace too.
  if (!/^\{\s*["}]/.test(start.toString('latin1'))) return 'unknown';
  // nix2container writes version, image-config, layers; streamLayeredImage's settings have none of these keys.
  return /"(version|image-config)"\s*:/.test(start.toString('utf8')) ? 'nix2container' : 'stream-settings';
}

/** Whether a file that may be missing is compressed with bzip2. */
export function isBzip2(path: string): boolean {
  return (
    statSync(path, { throwIfNoEntry: false })?.isFile() === true &&
    compressedFormatOf(readStart(path).start) === 'bzip2'
  );
}

/** Describes a file of unknown shape, for an error. */
export function describeFile(path: string): string {
  const { start } = readStart(path);
  if (start.length === 0) return 'an empty file';
  if (path.endsWith('.nix')) return 'a Nix file that has not been built: name it in the input file, not in path';
  if (isScript(start)) return 'a script that is not executable';
  if (compressedFormatOf(start) === 'bzip2') return 'compressed with bzip2';
  if (start.toString('latin1', 1, 4) === 'ELF') return 'an executable program';
  return `an unknown kind of file (it begins with ${JSON.stringify(start.toString('latin1', 0, 16))})`;
}

/** Describes a directory that is neither an image nor a package, for an error; undefined if it may be a package. */
export function describeDirectory(path: string): string | undefined {
  const names = new Set(readdirSync(path));
  if (names.has('manifest.json') && /^Directory Transport/.test(readText(join(path, 'version')))) {
    return `an image in the format of skopeo's dir: transport. Convert it to a layout: skopeo copy dir:${path} oci:layout:latest`;
  }
  if (names.has('bin')) return undefined;
  if (names.has('tarball')) {
    return 'the root file system of a NixOS system (tarball/), without an image config. Build an image from it, for example with copyToRoot of dockerTools.buildImage';
  }
  if (names.has('layers.json')) {
    return "a layer of nix2container's buildLayer, not an image. Pass it to buildImage in layers, and build that";
  }
  const source = ['flake.nix', 'default.nix'].find(name => names.has(name));
  if (source === undefined) return undefined;
  return `a directory with ${source} that has not been built: name it in the input ${source === 'flake.nix' ? 'installable' : 'file'}, not in path`;
}

/** The start of a file as text; empty if there is none. */
function readText(path: string): string {
  try {
    return readStart(path).start.toString('utf8');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'EISDIR')) return '';
    throw cause;
  }
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
