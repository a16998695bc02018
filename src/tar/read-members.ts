import { once } from 'node:events';
import { Failure, messageOf } from '../lib/failure.ts';

/** A member of a tar with its content. */
export interface ReadMember {
  readonly name: string;
  /** Whether it is a regular file; links, directories and devices are not. */
  readonly isFile: boolean;
  /** Bytes of content. */
  readonly size: number;
  /** Everything that the header says besides name and size, as one text. */
  readonly header: string;
  /** To be read before the next member is requested, which skips what is left. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The members of a tar that arrives in chunks. Unlike `watchMembers` it takes whatever tar-stream takes, so that any
 * image can be read; headers of more than 4 MiB are refused. A Failure that names `description` if the stream is no tar
 * or is cut off.
 */
export async function* readMembers(source: AsyncIterable<Uint8Array>, description: string): AsyncGenerator<ReadMember> {
  const { default: tarStream } = await import('tar-stream');
  const extract = tarStream.extract();
  const feed = async () => {
    for await (const chunk of source) if (!extract.write(chunk)) await once(extract, 'drain');
    extract.end(undefined);
  };
  feed().catch((error: Error) => extract.destroy(error));
  try {
    for await (const entry of extract) {
      const { name, type, size = 0, mode, uid, gid, uname, gname, mtime, linkname } = entry.header;
      const header = JSON.stringify([type, mode, uid, gid, uname, gname, mtime, linkname]);
      const isFile = type === 'file' || type === 'contiguous-file';
      yield { name, isFile, size, header, content: entry as AsyncIterable<Uint8Array> };
      entry.resume();
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot read ${description}: it is not a tar archive, or it is damaged (${messageOf(cause)}).`, {
      cause,
    });
  }
}
