import type { ByteString } from '../tar/byte-string.ts';
import { NarFault } from './nar-fault.ts';
import { narTokens, padded } from './nar-tokens.ts';

/** Receives the files of a NAR in order. `path` is relative to the root: empty, or `/bin/hello`. */
export interface NarSink {
  startDirectory(path: ByteString): void;
  endDirectory(path: ByteString): void;
  symlink(path: ByteString, target: ByteString): void;
  /** The contents follow, in pieces; `size` is their length in bytes. */
  startFile(path: ByteString, isExecutable: boolean, size: number): void;
  contents(piece: Uint8Array): void;
  endFile(): void;
}

/** The next bytes of a NAR, at least one; undefined at its end. They are valid until more are requested. */
export type NextPiece = () => Buffer | undefined;

/** A parser of a NAR that arrives in pieces. */
export interface NarParser {
  /** Passes on to the sink what can be told after the next piece, which must not be empty. */
  push(piece: Buffer): void;
  /** A NarFault if the NAR is not whole. */
  end(): void;
}

/** Asks for the next piece; undefined at the end. */
type Steps<T = void> = Generator<void, T, Buffer | undefined>;

interface Input {
  /** The bytes that are not parsed yet start at `at`. */
  bytes: Buffer;
  at: number;
  /** The chunk after `bytes`. */
  following: Buffer;
}

/** Names, targets and paths are at most this long on Linux (limits.h, PATH_MAX). */
const longestPath = 4096;
const none = Buffer.alloc(0);

/**
 * Reads a NAR into `sink`, to its end; a NarFault if it is invalid. Accepts only what Nix itself writes: names in
 * order, without duplicates, none that leads elsewhere, so no file is written through a symlink of the same NAR.
 */
export function readNar(next: NextPiece, sink: NarSink): void {
  const parser = parseNar(sink);
  for (let piece = next(); piece !== undefined; piece = next()) parser.push(piece);
  parser.end();
}

/** The same for a NAR whose pieces arrive one after the other. A NarFault as soon as it is invalid. */
export function parseNar(sink: NarSink): NarParser {
  const steps = parse(sink, { bytes: none, at: 0, following: none });
  steps.next();
  return { push: piece => void steps.next(piece), end: () => void steps.next(undefined) };
}

function* parse(sink: NarSink, input: Input): Steps {
  yield* choose(input, narTokens.start);
  yield* readNode(sink, input, '');
  if (left(input) > 0 || (yield* nextPiece(input)) !== undefined) fail('extra bytes after its end');
}

function left({ bytes, at }: Input): number {
  return bytes.length - at;
}

function* nextPiece(input: Input): Steps<Buffer | undefined> {
  if (input.following.length === 0) return yield;
  const piece = input.following;
  input.following = none;
  return piece;
}

/** Reads on until the next few bytes are in one piece. */
function* readOn(input: Input, size: number): Steps {
  while (left(input) < size) {
    // A copy, because the next chunk may use the same memory.
    const rest = Buffer.from(input.bytes.subarray(input.at));
    const piece = (yield* nextPiece(input)) ?? fail('it is truncated');
    const more = rest.length === 0 ? piece.length : size - rest.length;
    input.bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece.subarray(0, more)]);
    input.following = piece.subarray(more);
    input.at = 0;
  }
}

function* readNode(sink: NarSink, input: Input, path: ByteString): Steps {
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
    if (target === '' || target.includes('\0')) fail('a symlink with an invalid target');
    sink.symlink(path, target);
    yield* choose(input, narTokens.close);
  }
}

function* readEntries(sink: NarSink, input: Input, path: ByteString): Steps {
  if (path.length > longestPath) fail('directories too deep');
  for (let last = ''; (yield* choose(input, narTokens.entry, narTokens.close)) === narTokens.entry; ) {
    const name = yield* readString(input);
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) fail('an invalid name');
    if (name <= last) fail('names out of order');
    last = name;
    yield* choose(input, narTokens.node);
    yield* readNode(sink, input, `${path}/${name}`);
    yield* choose(input, narTokens.close);
  }
}

function* readFile(sink: NarSink, input: Input, path: ByteString): Steps {
  const mark = yield* choose(input, narTokens.contents, narTokens.executable);
  if (mark === narTokens.executable) yield* choose(input, narTokens.contents);
  const size = yield* readNumber(input);
  sink.startFile(path, mark === narTokens.executable, size);
  for (let missing = size; missing > 0; ) {
    if (left(input) < 1) yield* readOn(input, 1);
    const piece = input.bytes.subarray(input.at, input.at + missing);
    input.at += piece.length;
    missing -= piece.length;
    sink.contents(piece);
  }
  yield* readPadding(input, size);
  sink.endFile();
}

/** Reads the one of the tokens that comes next. */
function* choose(input: Input, ...known: readonly Buffer[]): Steps<Buffer> {
  const start = 16;
  if (left(input) < start) yield* readOn(input, start);
  const found = known.find(token => hasToken(input, token, start));
  if (found === undefined) fail('an unexpected token');
  if (left(input) < found.length) yield* readOn(input, found.length);
  if (!hasToken(input, found, found.length)) fail('an unexpected token');
  input.at += found.length;
  return found;
}

/**
 * Whether the next bytes are the token's first ones. Compared in JavaScript, since a native call takes longer for so
 * few.
 */
function hasToken({ bytes, at }: Input, token: Buffer, size: number): boolean {
  for (let i = 0; i < size; i++) {
    if (bytes[at + i] !== token[i]) return false;
  }
  return true;
}

function* readString(input: Input): Steps<ByteString> {
  const size = yield* readNumber(input);
  if (size > longestPath) fail('a string too long');
  if (left(input) < size) yield* readOn(input, size);
  const text = input.bytes.toString('latin1', input.at, input.at + size);
  input.at += size;
  yield* readPadding(input, size);
  return text;
}

function* readNumber(input: Input): Steps<number> {
  if (left(input) < 8) yield* readOn(input, 8);
  const number = input.bytes.readUInt32LE(input.at) + 2 ** 32 * input.bytes.readUInt32LE(input.at + 4);
  if (!Number.isSafeInteger(number)) fail('a number too large');
  input.at += 8;
  return number;
}

function* readPadding(input: Input, size: number): Steps {
  const end = padded(size) - size;
  if (left(input) < end) yield* readOn(input, end);
  for (let i = 0; i < end; i++) {
    if (input.bytes[input.at + i] !== 0) fail('padding that is not zero');
  }
  input.at += end;
}

function fail(description: string): never {
  throw new NarFault(`Cannot read a NAR: ${description}.`);
}
