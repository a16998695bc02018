import { readFileSync, realpathSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { SourcePlace } from '../lib/failure.ts';
import { storeDirectory, storeHash } from '../store-path.ts';
import type { BuildTarget } from './build-target.ts';

/** Largest file that is searched or compared, in bytes. */
const largestFile = 1 << 20;
/** Most positions of an error that are looked up, from the innermost. */
const mostPositions = 100;
/** Most files of a checkout that are searched for a hash. */
const mostFiles = 5000;

const position = /\bat ([^\n]{1,1000}?):(\d{1,9}):\d{1,9}:?$/gm;
const inStore = new RegExp(`^${storeDirectory}/${storeHash}-[^/]{1,211}/(.+)$`);

/**
 * The innermost position in Nix's messages that is in the checkout; undefined if there is none. Nix evaluates its copy
 * of a flake, so a position counts if the checkout has the same file at that path.
 */
export function findPosition(text: string, target: BuildTarget, checkout: string): SourcePlace | undefined {
  for (const [, file = '', line] of [...text.matchAll(position)].slice(-mostPositions).toReversed()) {
    const found = fileInCheckout(file, target, checkout);
    if (found !== undefined) return { file: found, line: Number(line) };
  }
  return undefined;
}

function fileInCheckout(file: string, target: BuildTarget, checkout: string): string | undefined {
  const copied = inStore.exec(file)?.[1];
  if (copied === undefined) return pathInside(file, checkout);
  const content = readSmall(file);
  const flake = target.kind === 'installable' ? target.installable.replace(/#.*$/s, '').replace(/^path:/, '') : '.';
  return [join(checkout, copied), join(checkout, flake, copied)]
    .filter(path => content !== undefined && readSmall(path)?.equals(content))
    .map(path => pathInside(path, checkout))
    .find(path => path !== undefined);
}

/** The path relative to the checkout; undefined if links lead out of it. */
function pathInside(path: string, checkout: string): string | undefined {
  try {
    const inside = relative(realpathSync(checkout), realpathSync(path));
    return inside === '' || inside.startsWith('../') || inside === '..' ? undefined : inside;
  } catch {
    return undefined;
  }
}

function readSmall(path: string): Buffer | undefined {
  try {
    const facts = statSync(path);
    return facts.isFile() && facts.size <= largestFile ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The line of the checkout with a hash (`sha256-…`), however it is written; undefined if there is none or more than
 * one.
 */
export async function findHash(hash: string, checkout: string): Promise<SourcePlace | undefined> {
  const forms = formsOf(hash);
  const places: SourcePlace[] = [];
  for (const path of await listSources(checkout)) {
    const lines = readSmall(path)?.toString('utf8').split('\n') ?? [];
    for (const [i, line] of lines.entries()) {
      if (forms.test(line)) places.push({ file: relative(checkout, path), line: i + 1 });
    }
  }
  return places.length === 1 ? places[0] : undefined;
}

/** Files that may contain hashes, without hidden files and links. */
async function listSources(checkout: string): Promise<string[]> {
  const found: string[] = [];
  const directories = [checkout];
  for (const directory of directories) {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) directories.push(path);
      if (entry.isFile() && /\.(?:nix|json|toml|lock)$/.test(entry.name)) found.push(path);
    }
    if (found.length + directories.length > mostFiles) break;
  }
  return found.slice(0, mostFiles);
}

/**
 * Matches a hash in the form that Nix prints; a hash in base 64 also in base 32 and 16. A hash of zeros also matches
 * nixpkgs' `fakeHash` and an empty text.
 */
function formsOf(hash: string): RegExp {
  const [, separator, written = ''] = /^sha\d+([:-])(.+)$/.exec(hash) ?? [];
  const bytes = separator === '-' ? Buffer.from(written, 'base64') : Buffer.alloc(0);
  const others = bytes.length === 0 ? [] : [bytes.toString('hex'), base32Of(bytes)];
  const zeros = ['\\bfakeHash\\b', '\\bfakeSha(?:256|512)\\b', '\\b(?:hash|sha256|sha512)\\s*=\\s*""'];
  const isZero = /^(?:A+=*|0+)$/.test(written);
  return new RegExp([written.replaceAll('+', '\\+'), ...others, ...(isZero ? zeros : [])].join('|'));
}

const digits = '0123456789abcdfghijklmnpqrsvwxyz';

/** Nix's base 32: it has its own digits and starts with the last five bits. */
function base32Of(bytes: Buffer): string {
  const length = Math.ceil((bytes.length * 8) / 5);
  return Array.from({ length }, (_, i) => {
    const bit = (length - 1 - i) * 5;
    const pair = (bytes[bit >> 3] ?? 0) | ((bytes[(bit >> 3) + 1] ?? 0) << 8);
    return digits[(pair >> (bit & 7)) & 31];
  }).join('');
}
