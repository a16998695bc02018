import { Failure } from '../lib/failure.ts';
import type { Member } from '../tar/read-member.ts';
import { watchMembers } from '../tar/watch-members.ts';
import { type FileCollector, type LayerMember, startSize } from './collect-files.ts';
import type { LayerFiles } from './layer-files.ts';

const types: Readonly<Record<string, LayerMember['type']>> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
};

/**
 * Passes the members of a tar, which arrives in chunks, to a collector. A member that readers disagree about (see
 * `readMember`) is not an error, but it and all members after it stay unknown.
 */
export function watchTar(collector: FileCollector): { read(chunk: Uint8Array): void; end(): LayerFiles } {
  const start = Buffer.allocUnsafe(startSize);
  let isWhole = true;
  let member: Member | undefined;
  let filled = 0;
  const report = (content: Buffer) => {
    if (member === undefined) return;
    collector.add({ ...member, type: types[member.flag] ?? 'other' }, content);
    member = undefined;
  };
  const watcher = watchMembers({
    onHeaders(_, headers) {
      member = headers;
      filled = 0;
      if (headers.size === 0) report(start.subarray(0, 0));
    },
    onContent(bytes) {
      if (member === undefined) return;
      const wanted = Math.min(startSize, member.size) - filled;
      start.set(bytes.subarray(0, wanted), filled);
      filled += Math.min(wanted, bytes.length);
      if (bytes.length >= wanted) report(start.subarray(0, filled));
    },
    onContentEnd() {},
    onEnd() {},
  });
  const unlessUnusual = (body: () => void) => {
    if (!isWhole) return;
    try {
      body();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      isWhole = false;
    }
  };
  return {
    read: chunk => unlessUnusual(() => watcher.read(chunk)),
    end() {
      unlessUnusual(() => watcher.end());
      return collector.end(isWhole);
    },
  };
}
