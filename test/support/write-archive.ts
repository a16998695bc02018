import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Header, pack } from 'tar-stream';

/** A member by its name, with content, or what tar-stream is to write of it. */
export type Member = readonly [header: string | (Partial<Header> & Pick<Header, 'name'>), content?: string | Buffer];

/** Writes an archive with tar-stream, which has no mind of its own about names. */
export async function writeArchive(path: string, members: readonly Member[]): Promise<void> {
  const archive = pack();
  for (const [header, content = ''] of members) {
    archive.entry(typeof header === 'string' ? { name: header } : header, content);
  }
  archive.finalize();
  await pipeline(archive, createWriteStream(path));
}
