import { Failure } from '../lib/failure.ts';
import type { ByteString } from '../tar/byte-string.ts';
import { padded } from './write-nar.ts';

/** What is told of the things in a NAR, in its order. `path` is below the root: empty, or `/bin/hello`. */
export interface NarSink {
  startDirectory(path: ByteString): void;
  endDirectory(path: ByteString): void;
  symlink(path: ByteString, target: ByteString): void;
  /** The contents follow, in pieces. */
  startFile(path: ByteString, isExecutable: boolean): void;
  contents(piece: Uint8Array): void;
  endFile(): void;
}

/** Takes a NAR in pieces of any size. */
export interface NarReader {
  /** A Failure when this cannot be part of a NAR. */
  push(piece: Uint8Array): void;
  /** A Failure when the NAR is not complete. */
  end(): void;
}

/** How many bytes the parser needs next: all of them at once, or as many as there are. */
interface Want {
  readonly size: number;
  readonly isWhole: boolean;
}
type Parser<T> = Generator<Want, T, Buffer>;

/** Names and targets are at most this long on Linux (limits.h, PATH_MAX). */
const longestString = 4096;
const deepest = 1024;

/**
 * Reads a NAR into `sink`. Only what Nix itself writes is taken: names in order, none twice, none that leads elsewhere,
 * so that no file is written through a symlink of the same NAR.
 */
export function openNar(sink: NarSink): NarReader {
  const parser = readArchive(sink);
  let step = parser.next();
  let rest = Buffer.alloc(0);
  return {
    push(piece) {
      let bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      if (rest.length > 0) bytes = Buffer.concat([rest, bytes]);
      let at = 0;
      while (step.done !== true) {
        const { size, isWhole } = step.value;
        const there = Math.min(size, bytes.length - at);
        if (there < size && (isWhole || there === 0)) break;
        at += there;
        step = parser.next(bytes.subarray(at - there, at));
      }
      rest = Buffer.from(bytes.subarray(at));
      if (step.done === true && rest.length > 0) refuse('bytes after its end');
    },
    end() {
      if (step.done !== true) refuse('cut off');
    },
  };
}

function* readArchive(sink: NarSink): Parser<void> {
  yield* expectString('nix-archive-1');
  yield* readNode(sink, '', 0);
}

function* readNode(sink: NarSink, path: ByteString, depth: number): Parser<void> {
  if (depth > deepest) refuse('directories too deep');
  yield* expectString('(');
  yield* expectString('type');
  const type = yield* readString();
  if (type === 'directory') {
    sink.startDirectory(path);
    yield* readEntries(sink, path, depth);
    sink.endDirectory(path);
  } else if (type === 'regular') {
    yield* readFile(sink, path);
  } else if (type === 'symlink') {
    yield* expectString('target');
    const target = yield* readString();
    if (target === '' || target.includes('\0')) refuse('a symlink with no possible target');
    sink.symlink(path, target);
    yield* expectString(')');
  } else {
    refuse('something that is no file, directory or symlink');
  }
}

function* readEntries(sink: NarSink, path: ByteString, depth: number): Parser<void> {
  for (let last = ''; (yield* readString(')', 'entry')) === 'entry'; ) {
    yield* expectString('(');
    yield* expectString('name');
    const name = yield* readString();
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) refuse('a name that is none');
    if (name <= last) refuse('names out of order');
    last = name;
    yield* expectString('node');
    yield* readNode(sink, `${path}/${name}`, depth + 1);
    yield* expectString(')');
  }
}

function* readFile(sink: NarSink, path: ByteString): Parser<void> {
  const isExecutable = (yield* readString('executable', 'contents')) === 'executable';
  if (isExecutable) {
    yield* expectString('');
    yield* expectString('contents');
  }
  const size = yield* readNumber();
  sink.startFile(path, isExecutable);
  for (let left = size; left > 0; ) {
    const piece = yield { size: left, isWhole: false };
    sink.contents(piece);
    left -= piece.length;
  }
  yield* readPadding(size);
  sink.endFile();
  yield* expectString(')');
}

function* readString(...known: readonly ByteString[]): Parser<ByteString> {
  const size = yield* readNumber();
  if (size > longestString) refuse('a string too long');
  const text = size === 0 ? '' : (yield { size, isWhole: true }).toString('latin1');
  yield* readPadding(size);
  if (known.length > 0 && !known.includes(text)) refuse(`"${text}" instead of "${known.join('" or "')}"`);
  return text;
}

function expectString(text: ByteString): Parser<ByteString> {
  return readString(text);
}

function* readNumber(): Parser<number> {
  const number = (yield { size: 8, isWhole: true }).readBigUInt64LE();
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) refuse('a number too large');
  return Number(number);
}

function* readPadding(size: number): Parser<void> {
  const rest = padded(size) - size;
  if (rest > 0 && (yield { size: rest, isWhole: true }).some(byte => byte !== 0)) refuse('padding that is not zero');
}

function refuse(what: string): never {
  throw new Failure(`Cannot read a NAR: ${what}.`);
}
