import { type CompressedText, createCompressedText } from './compressed-text.ts';

/** All that a tar has besides the content of files, so that the very same tar can be made of the files. */
export interface TarSplit {
  /** Bytes as they stand: padding, and the headers of one member. */
  addSegment(bytes: Buffer): void;
  /** The content of the member whose headers came last; without a sum where there is none. */
  addContent(name: string, size: number, sum?: Buffer): void;
  end(): Promise<CompressedText>;
}

/** A line of JSON each, https://github.com/vbatts/tar-split/blob/main/tar/storage/entry.go */
export function createTarSplit(level: number): TarSplit {
  const text = createCompressedText(level, 'tar-split');
  let position = 0;
  const add = (entry: { type: 1 | 2; name?: string; size?: number; payload: string | null }) => {
    text.add(`${JSON.stringify({ ...entry, position })}\n`);
    position += 1;
  };
  return {
    addSegment: bytes => add({ type: 2, payload: bytes.toString('base64') }),
    addContent(name, size, sum) {
      add({ type: 1, name, ...(sum === undefined ? {} : { size }), payload: sum?.toString('base64') ?? null });
    },
    end: () => text.end(),
  };
}
