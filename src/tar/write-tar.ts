import { pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import { Failure } from '../lib/failure.ts';

/** A file to put into an archive; every call of `open` starts a fresh stream of `size` bytes. */
export interface TarMember {
  readonly name: string;
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

type Members = AsyncIterable<TarMember> | Iterable<TarMember>;

/**
 * A tar archive of plain files, mode 0644, owned by 0:0, time 0, so the same members give the same bytes. ustar, with
 * PAX if a name needs it. A Failure if content does not have the size that its header states.
 */
export async function* writeTar(members: Members): AsyncGenerator<Uint8Array, void, undefined> {
  // write-entry.ts writes layers, whose bytes must match those of other tools. A run that writes no archive does not
  // load tar-stream.
  const { default: tarStream } = await import('tar-stream');
  const archive = tarStream.pack();
  fill(archive, members).catch(error => archive.destroy(error));
  yield* archive as AsyncIterable<Uint8Array>;
}

async function fill(archive: Pack, members: Members): Promise<void> {
  for await (const member of members) {
    const { name, size } = member;
    const entry = archive.entry({ name, size, type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) });
    await pipeline(contentOf(member), entry);
  }
  archive.finalize();
}

async function* contentOf(member: TarMember): AsyncGenerator<Uint8Array> {
  const fail = (got: string) =>
    new Failure(`Cannot write ${member.name} into an archive: its content has ${got} than ${member.size} bytes.`);
  let left = member.size;
  for await (const chunk of member.open()) {
    left -= chunk.length;
    if (left < 0) throw fail('more');
    yield chunk;
  }
  if (left > 0) throw fail('less');
}
