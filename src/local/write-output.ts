import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure, hasCode, messageOf } from '../lib/failure.ts';
import { type TarMember, writeTar } from '../tar/write-tar.ts';
import { dockerArchiveMembers, layoutMembers, type TaggedImage } from './layout.ts';

export interface Output {
  readonly kind: 'oci' | 'oci-archive' | 'docker-archive';
  /** Absolute path. */
  readonly path: string;
}

/** Writes the image to a directory or a file, and creates missing parent directories. */
export async function writeOutput(image: TaggedImage, output: Output): Promise<void> {
  const { kind, path } = output;
  if (kind === 'oci') await refuseFilled(path);
  const members = kind === 'docker-archive' ? await dockerArchiveMembers(image) : layoutMembers(image);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeAside(members, output);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot write the image to ${kind}:${path}: ${messageOf(cause)}.`, { cause });
  }
}

/**
 * Writes to a temporary name in the same directory and then renames, so an incomplete result never has the final name.
 */
async function writeAside(members: readonly TarMember[], { kind, path }: Output): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    if (kind === 'oci') await writeDirectory(members, draft);
    else await writeFile(writeTar(members), draft);
    await rename(draft, path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** rename(2) replaces only an empty directory; the contents of another one must not be removed. */
async function refuseFilled(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw new Failure(`Cannot write the image to oci:${directory}: it is not a directory.`, { cause: error });
  }
  if (names.length > 0)
    throw new Failure(`Cannot write the image to oci:${directory}: it is not empty. Remove it or name another one.`);
}

async function writeDirectory(members: readonly TarMember[], directory: string): Promise<void> {
  for (const member of members) {
    const file = join(directory, member.name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(member.open(), file);
  }
}

/** Opens the file before the first byte: a stream that fails at once would otherwise create it after the cleanup. */
async function writeFile(source: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const file = await open(path, 'w');
  await pipeline(source, file.createWriteStream());
}
