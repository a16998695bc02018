import { createReadStream, createWriteStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Compression, compressionOf, decompress } from '../lib/decompress.ts';
import { Failure, hasCode } from '../lib/failure.ts';
import { runProgram } from '../lib/process.ts';
import type { Image } from '../oci/image.ts';
import { indexArchive } from '../tar/index-archive.ts';
import { openDockerArchive } from './docker-archive.ts';

/** What a file turned out to be. Recognised by content, never by name. */
type Shape = 'tar' | 'script' | Compression;

export interface OpenedImage {
  readonly image: Image;
  /** For the log: `docker-archive (gzip)`. */
  readonly shape: string;
}

export interface ImagePlace {
  /** Store path, `result` link or file, absolute. */
  readonly path: string;
  /** A directory for what must be unpacked before it can be read in place. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const understood =
  'Understood are the docker-archive of dockerTools.buildImage and buildLayeredImage (plain, gzip, zstd) and the script of streamLayeredImage.';

/** Opens whatever Nix built as an image, or says what was found instead. */
export async function openImage(place: ImagePlace): Promise<OpenedImage> {
  const path = await resolveFile(place.path);
  const shape = await shapeOf(path);
  const what = `the image ${path}`;
  const archivePath = shape === 'tar' ? path : join(place.directory, 'image.tar');
  if (shape === 'script') await spoolScript(path, archivePath, place.env);
  else if (shape !== 'tar')
    await pipeline(decompress(createReadStream(path), shape, what), createWriteStream(archivePath));
  const archive = await indexArchive(archivePath, what);
  if (!archive.has('manifest.json')) {
    const found = archive.has('oci-layout') ? 'a tar of an OCI layout' : 'a tar archive without manifest.json';
    throw new Failure(`Cannot use ${path} as an image: it is ${found}. ${understood}`);
  }
  const image = await openDockerArchive(archive);
  return { image, shape: shape === 'script' ? 'output of a streamLayeredImage script' : `docker-archive (${shape})` };
}

async function resolveFile(path: string): Promise<string> {
  let real: string;
  try {
    real = await realpath(path);
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new Failure(`Cannot open the image ${path}: there is no such file.`, { cause });
  }
  if ((await stat(real)).isFile()) return real;
  throw new Failure(`Cannot use ${path} as an image: it is a directory. ${understood}`);
}

async function shapeOf(path: string): Promise<Shape> {
  const { start, mode } = await readStart(path);
  const compression = compressionOf(start);
  if (compression === 'gzip' || compression === 'zstd') return compression;
  if (start.toString('latin1', 257, 262) === 'ustar') return 'tar';
  const isScript = start.toString('latin1', 0, 2) === '#!';
  if (isScript && (mode & 0o111) !== 0) return 'script';
  throw new Failure(`Cannot use ${path} as an image: it is ${describe(start, isScript)}. ${understood}`);
}

async function readStart(path: string): Promise<{ start: Buffer; mode: number }> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return { start: buffer.subarray(0, bytesRead), mode: (await file.stat()).mode };
  } finally {
    await file.close();
  }
}

function describe(start: Buffer, isScript: boolean): string {
  if (start.length === 0) return 'an empty file';
  if (isScript) return 'a script that is not executable';
  const compression = compressionOf(start);
  if (compression !== undefined) return `compressed with ${compression}`;
  if (start[0] === 0x7b) return 'a JSON file';
  if (start.toString('latin1', 1, 4) === 'ELF') return 'a program';
  return `a file of another kind (it begins with ${JSON.stringify(start.toString('latin1', 0, 16))})`;
}

/** Runs the script of streamLayeredImage, which writes an uncompressed docker-archive to its standard output. */
async function spoolScript(script: string, archivePath: string, env: ImagePlace['env']): Promise<void> {
  const { code, stderr } = await runProgram(script, [], { env, output: createWriteStream(archivePath) });
  if (code === 0) return;
  throw new Failure(
    `Cannot read the image ${script}: the script failed with exit code ${code}.\n${stderr.slice(-4000).trimEnd()}`,
  );
}
