import { createHash, type Hash } from 'node:crypto';
import { posix } from 'node:path';
import { type Crc64, createCrc64 } from '../../lib/compress/crc64.ts';
import { Failure } from '../../lib/failure.ts';
import { digestOfHash } from '../../oci/digest.ts';
import type { Member } from '../../tar/read-member.ts';
import { type TarWatcher, watchMembers } from '../../tar/watch-members.ts';
import type { CompressedText } from './compressed-text.ts';
import { createTableOfContents } from './table-of-contents.ts';
import { createTarSplit } from './tar-split.ts';

/** A position in a tar whose position in the blob the index needs. */
export interface Mark {
  /** Bytes of the tar before it. */
  readonly at: number;
  /** Whether a frame ends here. */
  readonly isCut: boolean;
  /** Called in the order of the marks, with the number of bytes of the blob before it. */
  setPosition(position: number): void;
}

/** The table of contents of a tar and its tar-split, written as the tar arrives. */
export interface TarIndex {
  /** Takes the next bytes of the tar. */
  read(chunk: Uint8Array): void;
  /** Removes and returns the marks up to this position. */
  marksUntil(at: number): Mark[];
  /** Call it after the last mark has its position; undefined if the tar cannot be indexed. */
  end(): Promise<{ readonly contents: CompressedText; readonly tarSplit: CompressedText } | undefined>;
}

/**
 * Indexes a tar. containers/storage rejects a layer whose index it understands differently, but pulls one without an
 * index as a whole. So a tar with anything unusual gets no index, see `readMember`. Neither does a tar with a duplicate
 * name, nor one that lacks the directory of a file, which containers/storage would create with mode 0.
 */
export function createTarIndex(level: number): TarIndex {
  const contents = createTableOfContents(level);
  const tarSplit = createTarSplit(level);
  const marks: Mark[] = [];
  let isGivenUp = false;
  const unlessGivenUp = (body: () => void) => {
    if (isGivenUp) return;
    try {
      body();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      isGivenUp = true;
    }
  };
  const addMark = (at: number, isCut: boolean, setPosition: (position: number) => void) => {
    marks.push({ at, isCut, setPosition: position => unlessGivenUp(() => setPosition(position)) });
  };
  const watcher = indexer({ contents, tarSplit, addMark });
  const reader = watchMembers(watcher);
  return {
    read: chunk => unlessGivenUp(() => reader.read(chunk)),
    marksUntil(at) {
      const next = marks.findIndex(mark => mark.at > at);
      return marks.splice(0, next < 0 ? marks.length : next);
    },
    async end() {
      unlessGivenUp(() => reader.end());
      unlessGivenUp(() => watcher.end());
      if (isGivenUp) return undefined;
      try {
        const split = await tarSplit.end();
        return { tarSplit: split, contents: await contents.end(split.bytes) };
      } catch (error) {
        if (error instanceof Failure) return undefined;
        throw error;
      }
    },
  };
}

interface Indexer {
  readonly contents: ReturnType<typeof createTableOfContents>;
  readonly tarSplit: ReturnType<typeof createTarSplit>;
  addMark(at: number, isCut: boolean, setPosition: (position: number) => void): void;
}

/** The file whose content is arriving. */
interface OpenFile {
  readonly member: Member;
  readonly hash: Hash;
  readonly crc: Crc64;
  /** Where the content begins in the blob. */
  offset: number;
}

function indexer({ contents, tarSplit, addMark }: Indexer): TarWatcher & { end(): void } {
  const names = new Set(['/']);
  const parents = new Set<string>();
  let file: OpenFile | undefined;
  return {
    onHeaders(bytes, member, at) {
      const name = posix.resolve('/', member.name);
      if (name !== '/' && names.has(name)) throw new Failure(`Cannot index the layer: it has "${member.name}" twice.`);
      names.add(name);
      parents.add(posix.dirname(name));
      tarSplit.addSegment(bytes);
      if (member.size === 0) {
        tarSplit.addContent(member.name, 0);
        addMark(at, false, () => contents.add(member));
        return;
      }
      const opened = { member, hash: createHash('sha256'), crc: createCrc64(), offset: 0 };
      file = opened;
      addMark(at, true, position => {
        opened.offset = position;
      });
    },
    onContent(bytes) {
      file?.hash.update(bytes);
      file?.crc.update(bytes);
    },
    onContentEnd(at) {
      if (file === undefined) return;
      const { member, hash, crc } = file;
      const ended = file;
      const digest = digestOfHash(hash);
      tarSplit.addContent(member.name, member.size, crc.digest());
      addMark(at, true, position => contents.add(member, { digest, offset: ended.offset, endOffset: position }));
    },
    onEnd: bytes => tarSplit.addSegment(bytes),
    end() {
      const missing = [...parents].find(name => !names.has(name));
      if (missing !== undefined) throw new Failure(`Cannot index the layer: it lacks the directory "${missing}".`);
    },
  };
}
