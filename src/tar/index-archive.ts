import { readSync } from 'node:fs';
import { posix } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { type ByteRange, openFile, openRegularFile } from '../lib/open-file.ts';
import type { ReadOptions } from '../lib/read-options.ts';
import { blockSize, decimalOf, type Header, paddedSize, readHeader, readPaxRecords } from './read-header.ts';

/** A tar archive on disk whose members are read in place. Names are without a leading `./`. */
export interface Archive {
  /** Names the archive in errors. */
  readonly description: string;
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Size of the member in bytes. */
  size(name: string): number;
  /** A fresh stream of the member's bytes, as `openFile` has it. */
  open(name: string, options?: ReadOptions): AsyncIterable<Uint8Array>;
  /** Reads the whole member; a Failure if it has more than `limit` bytes. */
  read(name: string, limit: number): Promise<Buffer>;
}

/** Most bytes of a PAX or GNU header, as in Go's reader. */
const longestExtendedHeader = 1 << 20;
/** Most bytes of a name or of a link's target. Linux, limits.h, PATH_MAX. */
const longestName = 4096;
/** Most bytes of memory for the names of all members; each header counts as 256. Enough for 250,000 short names. */
const mostNames = 64 << 20;
const mostLinks = 40;

/**
 * Indexes the uncompressed archive at `path` by reading only its headers; `description` names it in errors. It follows
 * links within the archive, or fails when asked for one.
 *
 * It does not use tar-stream, which reads in sequence: a manifest may come after the layers that it names, and a layer
 * is opened several times or never.
 */
export async function indexArchive(
  path: string,
  description: string,
  { followsLinks = true }: { readonly followsLinks?: boolean } = {},
): Promise<Archive> {
  /** Where the contents of regular members are. */
  const extents = new Map<string, ByteRange>();
  const links = new Map<string, string>();
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    for (const { header, offset } of membersOf({ descriptor: file.fd, size, description })) {
      const name = memberName(header.name, description);
      extents.delete(name);
      links.delete(name);
      if (header.type === 'file') extents.set(name, { offset, size: header.size });
      if (header.type === 'symlink') links.set(name, memberName(targetOf(name, header.linkname), description));
      if (header.type === 'hardlink') links.set(name, memberName(header.linkname, description));
    }
  } finally {
    await file.close();
  }
  return archiveOf({ path, description, extents, links, followsLinks });
}

interface Index {
  readonly path: string;
  readonly description: string;
  readonly extents: ReadonlyMap<string, ByteRange>;
  readonly links: ReadonlyMap<string, string>;
  readonly followsLinks: boolean;
}

function archiveOf({ path, description, extents, links, followsLinks }: Index): Archive {
  const follow = (name: string): ByteRange | undefined => {
    if (!followsLinks && links.has(name)) {
      throw new Failure(
        `Cannot read ${description}: its file "${name}" is a symlink or hard link. Links are not allowed here.`,
      );
    }
    let target: string | undefined = name;
    for (let hops = 0; target !== undefined && hops < mostLinks; hops++) {
      const extent = extents.get(target);
      if (extent !== undefined) return extent;
      target = links.get(target);
    }
    return undefined;
  };
  const find = (name: string): ByteRange => {
    const extent = follow(name);
    if (extent === undefined) throw new Failure(`Cannot read ${description}: it has no file "${name}".`);
    return extent;
  };
  const archive: Archive = {
    description,
    names: [...extents.keys(), ...links.keys()],
    has: name => follow(name) !== undefined,
    size: name => find(name).size,
    open: (name, use) => openFile(path, use, find(name)),
    async read(name, limit) {
      if (find(name).size > limit) {
        throw new Failure(
          `Cannot read ${description}: "${name}" has ${find(name).size} bytes, more than the limit of ${limit}.`,
        );
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of archive.open(name)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  };
  return archive;
}

interface OpenArchive {
  readonly descriptor: number;
  /** Bytes. */
  readonly size: number;
  readonly description: string;
}

/** All members with their final names, PAX and GNU long names applied. Ends at the end mark or the end of the file. */
function* membersOf(file: OpenArchive): Generator<{ header: Header; offset: number }> {
  const { size: fileSize, description } = file;
  let name: string | undefined;
  let linkname: string | undefined;
  let size: number | undefined;
  let left = mostNames;
  for (let at = 0; at < fileSize; ) {
    const found = readHeader(readBytes(file, at, blockSize), description);
    if (found === undefined) return;
    const offset = at + blockSize;
    left -= 256;
    if (left < 0)
      throw new Failure(`Cannot read ${description}: the names of its files take more than ${mostNames} bytes.`);
    const isExtension = found.type === 'pax' || found.type === 'gnu-name' || found.type === 'gnu-link';
    if (isExtension) {
      if (found.size > longestExtendedHeader)
        throw new Failure(`Cannot read ${description}: it has an extended header of ${found.size} bytes.`);
      const data = readBytes(file, offset, found.size);
      const records = found.type === 'pax' ? readPaxRecords(data, description) : new Map<string, string>();
      const text = data.toString('utf8').replace(/\0.*$/s, '');
      name = records.get('path') ?? (found.type === 'gnu-name' ? text : name);
      linkname = records.get('linkpath') ?? (found.type === 'gnu-link' ? text : linkname);
      size = records.has('size') ? decimalOf(records.get('size') ?? '') : size;
      at = offset + paddedSize(found.size);
      continue;
    }
    const header = {
      ...found,
      name: name ?? found.name,
      linkname: linkname ?? found.linkname,
      size: size ?? found.size,
    };
    const longest = Math.max(header.name.length, header.linkname.length);
    if (longest > longestName) {
      throw new Failure(
        `Cannot read ${description}: it has a name of ${longest} characters, more than the limit of ${longestName}.`,
      );
    }
    left -= header.name.length + header.linkname.length;
    if (!Number.isSafeInteger(header.size)) {
      throw new Failure(`Cannot read ${description}: "${header.name}" has an invalid size.`);
    }
    if (offset + header.size > fileSize) throw cutOff(description, header.name);
    if (header.type !== 'pax-global') yield { header, offset };
    at = offset + paddedSize(header.size);
    [name, linkname, size] = [undefined, undefined, undefined];
  }
}

/** Without promises: 100,000 headers take 0.2 s; with promises they took 3 s. */
function readBytes({ descriptor, description }: OpenArchive, at: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  if (readSync(descriptor, buffer, 0, length, at) < length) throw cutOff(description, 'a header');
  return buffer;
}

function cutOff(description: string, where: string): Failure {
  return new Failure(`Cannot read ${description}: it is cut off within "${where}". Build or download it again.`);
}

/** The target of a symlink as a path from the top of the archive. */
function targetOf(name: string, linkname: string): string {
  return linkname.startsWith('/') ? linkname : posix.join(posix.dirname(name), linkname);
}

/** The canonical form of a member's name; a Failure for a name that leaves the archive. */
function memberName(name: string, description: string): string {
  const normal = posix.normalize(name).replace(/\/$/, '');
  if (normal.startsWith('/') || normal === '..' || normal.startsWith('../')) {
    throw new Failure(
      `Cannot read ${description}: its file "${name}" points outside the archive, which may be malicious.`,
    );
  }
  return normal;
}
