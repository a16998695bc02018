import { type CompressedText, createCompressedText } from './compressed-text.ts';

/** Everything in a tar except the content of files, so the identical tar can be restored from the files. */
export interface TarSplit {
  /** Verbatim bytes: padding, and the headers of one member. */
  addSegment(bytes: Buffer): void;
  /** The content of the member whose headers came last; without a checksum if there is none. */
  addContent(name: string, size: number, sum?: Buffer): void;
  end(): Promise<CompressedText>;
}

/** One line of JSON per entry, https://github.com/vbatts/tar-split/blob/main/tar/storage/entry.go */
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
