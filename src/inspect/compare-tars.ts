import { createHash } from 'node:crypto';
import { Failure } from '../lib/failure.ts';
import { type ReadMember, readMembers } from '../tar/read-members.ts';

/** A tar that can be read several times. */
export interface OpenTar {
  open(): AsyncIterable<Uint8Array>;
  /** Names it in errors: `the layer sha256:…`. */
  readonly description: string;
}

/** A file that differs between two tars, or is only in one of them. Its name comes from the tar and may be hostile. */
export interface FileDifference {
  readonly path: string;
  /** Bytes of its content in each tar; undefined if the tar does not have it. */
  readonly sizes: readonly [number | undefined, number | undefined];
  /** Whether type, mode, owner, time or link target differ. */
  readonly hasOtherHeader: boolean;
  /** The first byte of its content that differs, from 0; undefined if none does, or if the file is only in one tar. */
  readonly offset?: number | undefined;
}

export interface TarComparison {
  /** The first ones by name. */
  readonly files: readonly FileDifference[];
  /** How many files differ. */
  readonly count: number;
}

/** Files whose content is read again to find where it differs. */
const mostFiles = 20;

/** Most files of one tar; real layers have at most some hundred thousand. */
const mostMembers = 1_000_000;

interface Summary {
  readonly size: number;
  readonly header: string;
  readonly sha256: string;
}

/** Compares two tars file by file, in whatever order they have them. A Failure if one of them is no tar. */
export async function compareTars(first: OpenTar, second: OpenTar): Promise<TarComparison> {
  const [a, b] = [await summarise(first), await summarise(second)];
  const names = [...new Set([...a.keys(), ...b.keys()])].filter(name => !isSame(a.get(name), b.get(name))).sort();
  const shown = names.slice(0, mostFiles);
  const hasOtherContent = (name: string) => a.get(name)?.sha256 !== b.get(name)?.sha256;
  const inBoth = shown.filter(name => a.has(name) && b.has(name) && hasOtherContent(name));
  const offsets = await findOffsets(first, second, new Set(inBoth));
  const files = shown.map(path => {
    const [one, other] = [a.get(path), b.get(path)];
    const isInBoth = one !== undefined && other !== undefined;
    const hasOtherHeader = isInBoth && one.header !== other.header;
    return { path, sizes: [one?.size, other?.size] as const, hasOtherHeader, offset: offsets.get(path) };
  });
  return { files, count: names.length };
}

function isSame(a: Summary | undefined, b: Summary | undefined): boolean {
  return a?.header === b?.header && a?.sha256 === b?.sha256;
}

async function summarise(tar: OpenTar): Promise<ReadonlyMap<string, Summary>> {
  const found = new Map<string, Summary>();
  for await (const { name, header, size, content } of readMembers(tar.open(), tar.description)) {
    const hash = createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    found.set(name, { size, header, sha256: hash.digest('base64') });
    if (found.size > mostMembers) {
      throw new Failure(`Cannot compare ${tar.description}: it has more than ${mostMembers} files.`);
    }
  }
  return found;
}

/** The first different byte of the content of each of these files, in one more pass over both tars. */
async function findOffsets(
  first: OpenTar,
  second: OpenTar,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const offsets = new Map<string, number>();
  if (wanted.size === 0) return offsets;
  const [a, b] = [first, second].map(({ open, description }) => readMembers(open(), description)) as [Members, Members];
  try {
    for (;;) {
      const [one, other] = [await nextOf(a, wanted), await nextOf(b, wanted)];
      // Other tools may order files in another way; then the names alone have to do.
      if (one === undefined || other === undefined || one.name !== other.name) return offsets;
      offsets.set(one.name, await offsetOf(one.content, other.content));
    }
  } finally {
    await a.return(undefined);
    await b.return(undefined);
  }
}

type Members = ReturnType<typeof readMembers>;

async function nextOf(members: Members, wanted: ReadonlySet<string>): Promise<ReadMember | undefined> {
  for (;;) {
    const next = await members.next();
    if (next.done === true || wanted.has(next.value.name)) return next.done === true ? undefined : next.value;
  }
}

/** Reads both to the end. */
async function offsetOf(one: AsyncIterable<Uint8Array>, other: AsyncIterable<Uint8Array>): Promise<number> {
  const [a, b] = [one[Symbol.asyncIterator](), other[Symbol.asyncIterator]()];
  let [left, right] = [Buffer.alloc(0), Buffer.alloc(0)];
  let at = 0;
  for (;;) {
    if (left.length === 0) left = await chunkOf(a);
    if (right.length === 0) right = await chunkOf(b);
    const length = Math.min(left.length, right.length);
    const different = left.subarray(0, length).equals(right.subarray(0, length)) ? -1 : firstDifferent(left, right);
    if (different >= 0 || length === 0) return at + Math.max(different, 0);
    at += length;
    left = left.subarray(length);
    right = right.subarray(length);
  }
}

function firstDifferent(a: Uint8Array, b: Uint8Array): number {
  return a.findIndex((byte, i) => byte !== b[i]);
}

async function chunkOf(chunks: AsyncIterator<Uint8Array>): Promise<Buffer<ArrayBuffer>> {
  const { done, value } = await chunks.next();
  return done === true ? Buffer.alloc(0) : Buffer.from(value);
}
