import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decompress } from '../lib/compress/decompress.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { findProgram, runProgram } from '../lib/process.ts';
import { removeTree } from '../lib/remove-tree.ts';
import type { Runtime } from '../runtime.ts';
import type { Release } from './release.ts';
import { makeUnpackDirectory } from './unpack-directory.ts';

/**
 * Unpacks a release while it downloads, into a new directory on the store's file system. Returns that directory, which
 * the caller removes, once the archive's SHA-256 is correct; its store paths are read-only then. Otherwise removes
 * everything and throws a Failure with the wrong checksum, or the error of `source` unchanged.
 */
export async function unpackRelease(
  source: AsyncIterable<Uint8Array>,
  release: Release,
  runtime: Runtime,
): Promise<string> {
  const directory = await makeUnpackDirectory();
  const archive = readHashed(source);
  try {
    const problem = await extract(archive.chunks(), { directory, release, runtime });
    if (problem === undefined) for await (const _ of archive.chunks());
    checkArchive(archive.digest(), problem, release);
    await makeReadOnly(join(directory, 'store'), runtime);
    return directory;
  } catch (error) {
    removeTree(directory);
    throw error;
  } finally {
    await archive.close();
  }
}

/** Makes the paths of an unpacked store read-only. */
async function makeReadOnly(store: string, runtime: Runtime): Promise<void> {
  const names = await readdir(store).catch(() => []);
  if (names.length === 0) return;
  const paths = names.map(name => join(store, name));
  const { code, stderr } = await runtime.exec('chmod', ['-R', 'a-w', ...paths], { env: runtime.env });
  if (code !== 0) throw new Failure(`Cannot install Nix: chmod failed: ${stderr.trim()} (exit code ${code}).`);
}

/** A source that is hashed while one reader after another reads it. */
function readHashed(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  const hash = createHash('sha256');
  let isWhole = false;
  let broken: { readonly error: unknown } | undefined;
  async function next() {
    try {
      return await iterator.next();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  return {
    /** Reads the rest. A reader may stop early, as tar does at the end of the archive. */
    async *chunks(): AsyncGenerator<Uint8Array> {
      for (;;) {
        const { done, value } = await next();
        if (done) {
          isWhole = true;
          return;
        }
        hash.update(value);
        yield value;
      }
    },
    /** In hexadecimal; undefined if the source was not read to its end. Throws the error that ended the source. */
    digest(): string | undefined {
      if (broken !== undefined) throw broken.error;
      return isWhole ? hash.digest('hex') : undefined;
    },
    close: () => iterator.return?.(),
  };
}

interface Extraction {
  readonly directory: string;
  readonly release: Release;
  readonly runtime: Runtime;
}

/** Returns the error, if any. */
async function extract(
  chunks: AsyncIterable<Uint8Array>,
  { directory, release, runtime }: Extraction,
): Promise<unknown> {
  const hasXz = findProgram('xz', runtime.env) !== undefined;
  const input = hasXz ? chunks : decompress(chunks, 'xz', release.url);
  const args = [hasXz ? '-xJ' : '-x', '-f', '-', '-C', directory, '--strip-components=1', '--no-same-owner'];
  try {
    const { code, stderr } = await runProgram('tar', args, { env: runtime.env, input });
    return code === 0 ? undefined : new Failure(`tar said: ${stderr.trim()} (exit code ${code})`);
  } catch (error) {
    return error;
  }
}

/** If the archive is the wrong one, that best explains why it could not be unpacked. */
function checkArchive(sha256: string | undefined, problem: unknown, { version, url, ...release }: Release): void {
  if (sha256 !== undefined && sha256 !== release.sha256) {
    throw new Failure(
      `Cannot install Nix ${version}: ${url} has the SHA-256 ${sha256}, expected ${release.sha256}. ` +
        'Check nix-sha256 and nix-url.',
    );
  }
  if (problem === undefined) return;
  throw new Failure(`Cannot unpack Nix ${version} from ${url}: ${messageOf(problem)}. Check nix-url.`, {
    cause: problem,
  });
}
