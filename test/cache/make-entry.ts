import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { groupPaths } from '../../src/cache/group-paths.ts';
import { type EntryManifest, formatEntryManifest } from '../../src/cache/manifest.ts';
import { magic } from '../../src/cache/write-entry.ts';
import { zstdFrames } from '../../src/lib/compress/zstd-frames.ts';
import { narString } from '../../src/nar/nar-tokens.ts';

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
  readonly layers?: EntryManifest['layers'];
  readonly toolchain?: EntryManifest['toolchain'];
  readonly outputs?: EntryManifest['outputs'];
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
  const { manifest = text => text, system = 'test-linux', layers = [], toolchain = [], outputs = [] } = change;
  const text = Buffer.from(manifest(formatEntryManifest({ system, paths, layers, outputs, toolchain })));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const parts = groupPaths(paths).map(group => group.map(path => claims[paths.indexOf(path)]?.nar ?? Buffer.alloc(0)));
  const head = [change.magic ?? magic, length, text];
  const behind = change.behind === undefined ? [] : [[change.behind]];
  await pipeline(zstdFrames([head, ...parts, ...behind], 3), createWriteStream(place));
  return place;
}
