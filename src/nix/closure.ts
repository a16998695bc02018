import { Failure, messageOf } from '../lib/failure.ts';
import { runProgram } from '../lib/process.ts';
import { features } from './build-target.ts';
import { readHashesInDatabase, readRegisteredInDatabase, readSizesInDatabase } from './database.ts';
import { inBatches } from './in-batches.ts';
import { askStore, findInvalidPaths } from './store.ts';
import type { NixProgram } from './toolchain.ts';

/** What Nix knows about a store path. */
export interface PathInfo {
  /** SHA-256 of the path's NAR, `sha256:` and 64 hex digits. */
  readonly narHash: string;
  /** Bytes of the NAR. */
  readonly narSize: number;
  /** Store paths that this one refers to, including itself if it does. */
  readonly references: readonly string[];
}

/** What Nix knows about a store path and its origin. */
export interface DerivedPath extends PathInfo {
  /** The derivation that produced it, if known. */
  readonly deriver?: string;
}

/** What Nix knows about a store path besides its contents. */
export interface Registration extends DerivedPath {
  /** Signatures, each `NAME:BASE64`. */
  readonly signatures: readonly string[];
  /** Whether it came, signed, from a binary cache. */
  readonly isSubstitutable: boolean;
  /** Whether this machine built it; false for what it copied or restored, from wherever. */
  readonly isBuiltHere: boolean;
  /** Whether its path follows from its contents, as for fetched sources. */
  readonly isContentAddressed: boolean;
}

/** These store paths and everything they refer to, sorted by path. A Failure if one is not in the store. */
export function readClosure(nix: NixProgram, paths: readonly string[]): Promise<ReadonlyMap<string, PathInfo>> {
  return readPathInfos(nix, paths, ['--recursive']);
}

/** Only these store paths, sorted by path. A Failure if one is not in the store. */
export function readRegistrations(
  nix: NixProgram,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Registration>> {
  return readPathInfos(nix, paths, []);
}

/** What Nix knows about those of these store paths that are in the store. */
export async function readValidPaths(
  nix: NixProgram,
  paths: readonly string[],
): Promise<ReadonlyMap<string, DerivedPath>> {
  const rows = readRegisteredInDatabase(nix, paths);
  if (rows !== undefined) {
    return new Map(
      rows.map(({ path, hash, deriver, ...of }) => [
        path,
        { ...of, narHash: parseNarHash(hash, path), ...(deriver === undefined ? {} : { deriver }) },
      ]),
    );
  }
  const invalid = await findInvalidPaths(nix, paths);
  return readRegistrations(
    nix,
    paths.filter(path => !invalid.has(path)),
  );
}

/** The same facts, but only about those of the paths that the store has. */
export function readAvailable(nix: NixProgram, paths: readonly string[]): Promise<ReadonlyMap<string, Registration>> {
  return readPathInfos(nix, paths, [], isAvailable);
}

/** Nix before 2.19 marks a path that the store lacks, newer versions print null. */
function isAvailable(info: unknown): boolean {
  return info !== null && (info as { readonly valid?: boolean }).valid !== false;
}

/** The NAR hashes of these store paths in the given order, as in `PathInfo`. A Failure if one is not in the store. */
export async function readNarHashes(nix: NixProgram, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const hashes = readHashesInDatabase(nix, paths) ?? (await askForHashes(nix, paths));
  return new Map(paths.map((path, i) => [path, parseNarHash(hashes[i] ?? '', path)]));
}

/** Sizes of the NARs of these store paths by path, for display; empty if Nix does not know all of them. */
export async function readNarSizes(nix: NixProgram, paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sizes = readSizesInDatabase(nix, paths) ?? (await askForSizes(nix, paths));
  return new Map(sizes.map((size, i) => [paths[i] ?? '', size]));
}

async function askForSizes(nix: NixProgram, paths: readonly string[]): Promise<readonly number[]> {
  try {
    const sizes = (await askStore(nix, ['--query', '--size'], paths)).map(Number);
    return sizes.length === paths.length && sizes.every(Number.isSafeInteger) ? sizes : [];
  } catch {
    return [];
  }
}

/** `nix-store` starts faster than `nix`. */
async function askForHashes(nix: NixProgram, paths: readonly string[]): Promise<readonly string[]> {
  try {
    return await askStore(nix, ['--query', '--hash'], paths);
  } catch (cause) {
    throw new Failure(`Cannot query the store paths of the image: ${messageOf(cause)}`, { cause });
  }
}

async function readPathInfos(
  nix: NixProgram,
  paths: readonly string[],
  options: readonly string[],
  isWanted: (info: unknown) => boolean = () => true,
) {
  const infos = new Map<string, Registration>();
  const isDerivation = (path: string) => path.endsWith('.drv');
  for (const [some, more] of [
    [paths.filter(path => !isDerivation(path)), options],
    // Before 2.15, Nix takes a derivation as its outputs by default.
    [paths.filter(isDerivation), [...options, '--derivation']],
  ] as const) {
    for (const batch of inBatches(some)) {
      const json = await pathInfo(nix, [...more, '--', ...batch]);
      for (const [path, info] of entriesOf(JSON.parse(json))) {
        if (isWanted(info)) infos.set(path, parsePathInfo(path, info));
      }
    }
  }
  return new Map([...infos].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Not through `exec`: the answer is one line of several megabytes, and @actions/exec takes quadratic time for a long
 * line.
 */
async function pathInfo(nix: NixProgram, args: readonly string[]): Promise<string> {
  const run = (format: readonly string[]) =>
    runProgram(nix.program, ['path-info', ...features, '--json', ...format, ...args], { env: nix.env });
  let result = await run([]);
  // Nix 2.34 announces that it will require the format one day; older versions do not know it.
  if (result.code !== 0 && result.stderr.includes('--json-format')) result = await run(['--json-format', '1']);
  if (result.code === 0) return result.stdout;
  throw new Failure(`Cannot query the store paths of the image: ${result.stderr.trim()}`);
}

/** Nix before 2.19 prints a list, newer versions an object by path. */
function entriesOf(json: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(json)) return (json as { readonly path: string }[]).map(info => [info.path, info]);
  return Object.entries(json as object);
}

function parsePathInfo(path: string, info: unknown): Registration {
  const {
    narHash,
    narSize,
    references,
    deriver,
    signatures = [],
    ultimate,
    ca,
  } = (info ?? {}) as Partial<PathInfo> & {
    readonly deriver?: string | null;
    readonly signatures?: readonly string[];
    readonly ultimate?: boolean;
    readonly ca?: string | null;
  };
  if (narHash === undefined || narSize === undefined || references === undefined) {
    throw new Failure(`Cannot use ${path}: it is not in the store. Build it again.`);
  }
  return {
    narHash: parseNarHash(narHash, path),
    narSize,
    references,
    // Nix 2.8 omits it if it is unknown, newer versions print null.
    ...(deriver === undefined || deriver === null ? {} : { deriver }),
    signatures,
    isSubstitutable: ultimate !== true && signatures.length > 0,
    isBuiltHere: ultimate === true,
    isContentAddressed: Boolean(ca),
  };
}

/** A SHA-256 in any notation of Nix: `sha256-` and base 64, `sha256:` and base 16, 32 or 64. */
function parseNarHash(text: string, path: string): string {
  const digits = /^sha256[:-]([0-9a-zA-Z+/]+=*)$/.exec(text)?.[1] ?? '';
  const hex = digits.length === 64 ? digits : digits.length === 52 ? fromBase32(digits) : fromBase64(digits);
  if (/^[0-9a-f]{64}$/.test(hex)) return `sha256:${hex}`;
  throw new Failure(`Cannot use ${path}: its NAR hash "${text}" is not a SHA-256 in a known format.`);
}

function fromBase64(digits: string): string {
  return Buffer.from(digits, 'base64').toString('hex');
}

/** Nix's base 32: its own digits, the last one first; empty for invalid text. */
function fromBase32(digits: string): string {
  const alphabet = '0123456789abcdfghijklmnpqrsvwxyz';
  const bytes = Buffer.alloc(32);
  for (let i = 0; i < digits.length; i++) {
    const digit = alphabet.indexOf(digits[digits.length - 1 - i] as string);
    if (digit < 0) return '';
    const at = (i * 5) >> 3;
    const shifted = digit << ((i * 5) & 7);
    bytes[at] = (bytes[at] as number) | shifted;
    if (at < 31) bytes[at + 1] = shifted >> 8;
  }
  return bytes.toString('hex');
}
