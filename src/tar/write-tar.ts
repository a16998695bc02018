import { Failure } from '../lib/failure.ts';
import { bytesOf } from './byte-string.ts';
import { goTar } from './go-tar.ts';
import { paddedSize } from './read-header.ts';
import { writeEnd, writeTarEntry } from './write-entry.ts';

/** A file to put into an archive; every call of `open` starts a fresh stream of `size` bytes. */
export interface TarMember {
  readonly name: string;
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * A tar archive of plain files, mode 0644, owned by 0:0, of time 0: the same members give the same bytes. ustar, PAX
 * where a name or size needs it. A Failure where content is not of the size that its header promised.
 */
export async function* writeTar(
  members: AsyncIterable<TarMember> | Iterable<TarMember>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const member of members) {
    const { size } = member;
    const owner = { uid: 0, gid: 0, uname: '', gname: '' };
    const name = bytesOf(member.name);
    yield writeTarEntry({ name, type: 'file', mode: 0o644, size, mtime: 0, linkname: '', ...owner }, goTar);
    yield* contentOf(member);
    yield Buffer.alloc(paddedSize(size) - size);
  }
  yield writeEnd(0, goTar);
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
