import { Failure } from '../lib/failure.ts';
import { blockSize, paddedSize } from './read-header.ts';
import { type Member, readMember } from './read-member.ts';

/** Receives all bytes of a tar in order. `at` counts the bytes of the tar so far. */
export interface TarWatcher {
  /** The padding of the previous member and all headers of this one; the bytes are valid only during the call. */
  onHeaders(bytes: Buffer, member: Member, at: number): void;
  onContent(bytes: Uint8Array): void;
  /** The content of the last member is complete. Not called for members without content. */
  onContentEnd(at: number): void;
  /** Zeros at the end of the archive, after the padding of the last member; called once per 64 KiB of them. */
  onEnd(bytes: Buffer): void;
}

/** How many bytes of the end are taken at a time. */
const endSize = 1 << 16;

/** Reads a tar that arrives in chunks. A Failure for everything that `readMember` rejects, and for a truncated tar. */
export function watchMembers(watcher: TarWatcher): { read(chunk: Uint8Array): void; end(): void } {
  /** Bytes that are neither content nor a complete header: `filled` of them, which begin with padding. */
  let segment = Buffer.allocUnsafe(endSize + blockSize);
  let filled = 0;
  let padding = 0;
  let wanted = blockSize;
  /** Bytes of content that are still to come. */
  let left = 0;
  let isOver = false;
  let position = 0;

  const endSegment = (size: number) => {
    filled = 0;
    left = size;
    padding = paddedSize(size) - size;
    wanted = padding + (isOver ? endSize : blockSize);
  };
  const endZeros = () => {
    const bytes = segment.subarray(0, filled);
    if (bytes.some((byte, i) => i >= padding && byte !== 0)) throw damaged('goes on behind its end');
    watcher.onEnd(bytes);
    endSegment(0);
  };
  const endHeaders = () => {
    const member = readMember(segment.subarray(padding, filled));
    isOver = member === undefined;
    if (member === undefined || typeof member === 'number') {
      wanted = padding + (member ?? endSize);
      return;
    }
    watcher.onHeaders(segment.subarray(0, filled), member, position);
    endSegment(member.size);
  };
  const takeContent = (bytes: Uint8Array) => {
    watcher.onContent(bytes);
    left -= bytes.length;
    if (left === 0) watcher.onContentEnd(position);
  };
  const takeSegment = (bytes: Uint8Array) => {
    if (wanted > segment.length) segment = Buffer.concat([segment.subarray(0, filled)], wanted);
    segment.set(bytes, filled);
    filled += bytes.length;
    if (filled < wanted) return;
    if (isOver) endZeros();
    else endHeaders();
  };
  return {
    read(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const isContent = left > 0;
        const bytes = chunk.subarray(at, at + (isContent ? left : wanted - filled));
        at += bytes.length;
        position += bytes.length;
        if (isContent) takeContent(bytes);
        else takeSegment(bytes);
      }
    },
    end() {
      const isWhole = isOver ? (filled - padding) % blockSize === 0 : filled === padding;
      if (left > 0 || (filled > 0 && !isWhole)) throw damaged('is cut off');
      if (filled > 0) endZeros();
    },
  };
}

function damaged(description: string): Failure {
  return new Failure(`Cannot index the layer: it ${description}.`);
}
