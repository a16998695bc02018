import { Failure } from '../lib/failure.ts';
import type { ByteString } from '../tar/byte-string.ts';
import { narTokens, padded } from './nar-tokens.ts';

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

/** What was pushed and not yet parsed starts at `at`. */
interface Input {
  bytes: Buffer;
  at: number;
}
/** Yields where it needs more bytes. */
type Parser<T> = Generator<void, T, void>;

/** Names, targets and paths are at most this long on Linux (limits.h, PATH_MAX). */
const longestPath = 4096;

/**
 * Reads a NAR into `sink`. Only what Nix itself writes is taken: names in order, none twice, none that leads elsewhere,
 * so that no file is written through a symlink of the same NAR.
 */
export function openNar(sink: NarSink): NarReader {
  const input: Input = { bytes: Buffer.alloc(0), at: 0 };
  const parser = readArchive(sink, input);
  let isDone = false;
  return {
    push(piece) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      input.bytes = input.bytes.length === 0 ? bytes : Buffer.concat([input.bytes, bytes]);
      if (!isDone) isDone = parser.next().done === true;
      // A copy, so that the rest does not hold the memory of the whole piece.
      input.bytes = Buffer.from(input.bytes.subarray(input.at));
      input.at = 0;
      if (isDone && input.bytes.length > 0) refuse('bytes after its end');
    },
    end() {
      if (!isDone) refuse('cut off');
    },
  };
}

function left({ bytes, at }: Input): number {
  return bytes.length - at;
}

function* readArchive(sink: NarSink, input: Input): Parser<void> {
  yield* choose(input, narTokens.start);
  yield* readNode(sink, input, '');
}

function* readNode(sink: NarSink, input: Input, path: ByteString): Parser<void> {
  yield* choose(input, narTokens.open);
  const type = yield* choose(input, narTokens.regular, narTokens.directory, narTokens.symlink);
  if (type === narTokens.regular) {
    yield* readFile(sink, input, path);
    yield* choose(input, narTokens.close);
  } else if (type === narTokens.directory) {
    sink.startDirectory(path);
    yield* readEntries(sink, input, path);
    sink.endDirectory(path);
  } else {
    const target = yield* readString(input);
    if (target === '' || target.includes('\0')) refuse('a symlink with no possible target');
    sink.symlink(path, target);
    yield* choose(input, narTokens.close);
  }
}

function* readEntries(sink: NarSink, input: Input, path: ByteString): Parser<void> {
  if (path.length > longestPath) refuse('directories too deep');
  for (let last = ''; (yield* choose(input, narTokens.entry, narTokens.close)) === narTokens.entry; ) {
    const name = yield* readString(input);
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) refuse('a name that is none');
    if (name <= last) refuse('names out of order');
    last = name;
    yield* choose(input, narTokens.node);
    yield* readNode(sink, input, `${path}/${name}`);
    yield* choose(input, narTokens.close);
  }
}

function* readFile(sink: NarSink, input: Input, path: ByteString): Parser<void> {
  const mark = yield* choose(input, narTokens.contents, narTokens.executable);
  if (mark === narTokens.executable) yield* choose(input, narTokens.contents);
  const size = yield* readNumber(input);
  sink.startFile(path, mark === narTokens.executable);
  for (let missing = size; missing > 0; ) {
    if (left(input) === 0) yield;
    const piece = input.bytes.subarray(input.at, input.at + missing);
    input.at += piece.length;
    missing -= piece.length;
    sink.contents(piece);
  }
  yield* readPadding(input, size);
  sink.endFile();
}

/** Takes the one of the tokens that is there. */
function* choose(input: Input, ...known: readonly Buffer[]): Parser<Buffer> {
  const start = 16;
  while (left(input) < start) yield;
  const found = known.find(token => token.compare(input.bytes, input.at, input.at + start, 0, start) === 0);
  if (found === undefined) refuse('something that does not belong where it is');
  while (left(input) < found.length) yield;
  if (found.compare(input.bytes, input.at, input.at + found.length) !== 0)
    refuse('something that does not belong there');
  input.at += found.length;
  return found;
}

function* readString(input: Input): Parser<ByteString> {
  const size = yield* readNumber(input);
  if (size > longestPath) refuse('a string too long');
  while (left(input) < size) yield;
  const text = input.bytes.toString('latin1', input.at, input.at + size);
  input.at += size;
  yield* readPadding(input, size);
  return text;
}

function* readNumber(input: Input): Parser<number> {
  while (left(input) < 8) yield;
  const number = input.bytes.readUInt32LE(input.at) + 2 ** 32 * input.bytes.readUInt32LE(input.at + 4);
  if (!Number.isSafeInteger(number)) refuse('a number too large');
  input.at += 8;
  return number;
}

function* readPadding(input: Input, size: number): Parser<void> {
  const end = padded(size) - size;
  while (left(input) < end) yield;
  for (let i = 0; i < end; i++) {
    if (input.bytes[input.at + i] !== 0) refuse('padding that is not zero');
  }
  input.at += end;
}

function refuse(what: string): never {
  throw new Failure(`Cannot read a NAR: ${what}.`);
}
