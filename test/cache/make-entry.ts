import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { formatManifest } from '../../src/cache/manifest.ts';
import { narString } from '../../src/cache/nar-tokens.ts';
import { magic } from '../../src/cache/write-entry.ts';
import { zstdFrames } from '../../src/lib/zstd-frames.ts';

/** A part of a NAR, written as its grammar has it, whatever sense it makes. */
export type Node = Buffer;

const strings = (...texts: readonly (string | Buffer)[]) =>
  Buffer.concat(texts.map(text => (typeof text === 'string' ? narString(text) : text)));

export const file = (text: string, ...marks: readonly string[]): Node =>
  strings('(', 'type', 'regular', ...marks, 'contents', text, ')');
export const link = (target: string): Node => strings('(', 'type', 'symlink', 'target', target, ')');
export const directory = (...entries: readonly (readonly [string, Node])[]): Node =>
  strings(
    '(',
    'type',
    'directory',
    ...entries.flatMap(([name, node]) => ['entry', '(', 'name', name, 'node', node, ')']),
    ')',
  );
export const nar = (node: Node): Buffer => strings('nix-archive-1', node);

/** A store path as an entry of a test claims it; what is missing is what it should be. */
export interface Claim {
  readonly path: string;
  readonly nar: Buffer;
  readonly narHash?: string;
  readonly narSize?: number;
  readonly references?: readonly string[];
}

export interface EntryChange {
  readonly system?: string;
  readonly manifest?: (text: string) => string;
  readonly magic?: Buffer;
  readonly behind?: Buffer;
}

/** Writes an entry of these paths, with what is wrong about it. */
export async function makeEntry(place: string, claims: readonly Claim[], change: EntryChange = {}): Promise<string> {
  const paths = claims.map(({ path, nar: bytes, ...claim }) => ({
    path,
    narHash: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    narSize: bytes.length,
    references: [],
    ...claim,
  }));
  const { manifest = text => text, system = 'test-linux' } = change;
  const text = Buffer.from(manifest(formatManifest({ system, paths })));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  async function* entry() {
    yield Buffer.concat([change.magic ?? magic, length, text, ...claims.map(claim => claim.nar)]);
    yield change.behind ?? Buffer.alloc(0);
  }
  await pipeline(zstdFrames(entry(), 3), createWriteStream(place));
  return place;
}
