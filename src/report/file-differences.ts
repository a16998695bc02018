import type { FileDifference, TarComparison } from '../inspect/compare-tars.ts';
import { oneLine } from '../lib/printable.ts';

/** What differs between two tars, one line per file. `root` is the directory that the names are relative to. */
export function fileDifferenceLines({ files, count }: TarComparison, root = ''): string[] {
  const more = count - files.length;
  return [...files.map(file => lineOf(file, root)), ...(more > 0 ? [`and ${more} more files`] : [])];
}

function lineOf({ path, sizes: [first, second], hasOtherHeader, offset }: FileDifference, root: string): string {
  const isBelow = root !== '' && path.startsWith(`${root}/`) && path.length > root.length + 1;
  const name = oneLine(isBelow ? path.slice(root.length + 1) : path, 300);
  if (second === undefined) return `${name}: ${first} bytes, only the first time`;
  if (first === undefined) return `${name}: ${second} bytes, only the second time`;
  const size = first === second ? `${first} bytes` : `${first} and ${second} bytes`;
  const how = [
    ...(offset === undefined ? [] : [`differs from byte ${offset}`]),
    ...(hasOtherHeader ? ['another type, mode, owner, time or target'] : []),
  ];
  return `${name}: ${size}, ${how.join(', ') || 'other content'}`;
}
