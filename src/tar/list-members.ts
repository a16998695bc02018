import { once } from 'node:events';
import { Failure, messageOf } from '../lib/failure.ts';

/** A member of a tar, without its content. */
export interface ListedMember {
  readonly name: string;
  /** Whether it is a regular file; links, directories and devices are not. */
  readonly isFile: boolean;
  /** Bytes of content. */
  readonly size: number;
}

/**
 * The members of a tar that arrives in chunks, read by their headers alone. Unlike `watchMembers` it takes whatever
 * tar-stream takes, so that any image can be listed; headers of more than 4 MiB are refused. A Failure that names
 * `description` if the stream is no tar or is cut off.
 */
export async function* listMembers(
  source: AsyncIterable<Uint8Array>,
  description: string,
): AsyncGenerator<ListedMember> {
  const { default: tarStream } = await import('tar-stream');
  const extract = tarStream.extract();
  const feed = async () => {
    for await (const chunk of source) if (!extract.write(chunk)) await once(extract, 'drain');
    extract.end(undefined);
  };
  feed().catch((error: Error) => extract.destroy(error));
  try {
    for await (const entry of extract) {
      const { name, type, size } = entry.header;
      yield { name, isFile: type === 'file' || type === 'contiguous-file', size };
      for await (const _ of entry);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot read ${description}: it is not a tar archive, or it is damaged (${messageOf(cause)}).`, {
      cause,
    });
  }
}
