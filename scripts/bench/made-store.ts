import { createCipheriv, createHash } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/lib/process.ts';
import { inStore, removeStore } from './stores.ts';

/** A store that holds made-up paths and nothing else, the same ones each time. */
export interface MadeStore {
  /** The directory to mount as /nix. */
  readonly nix: string;
  /** Store path of a program that refers to all others but the next one. */
  readonly app: string;
  /** The program's next release, which differs in this one path. */
  readonly changed: string;
  /** `app` and all that it refers to. */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

const filesPerPath = 4;

/** So many store paths of `size` bytes each, which do not compress. */
export function makePaths(count: number, size: number): Promise<MadeStore> {
  const part = size / filesPerPath;
  return makeStore(count, (directory, name) => {
    const bytes = noise(name, size);
    for (let i = 0; i < filesPerPath; i++)
      writeFileSync(join(directory, `data-${i}`), bytes.subarray(i * part, (i + 1) * part));
  });
}

/**
 * So many store paths of `size` bytes each, a quarter of which does not compress. Each has the same large file, which takes
 * the disk's space once, and a small one of its own, so that no two layers are equal.
 */
export async function makeLargePaths(count: number, size: number): Promise<MadeStore> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-block-'));
  const block = join(directory, 'block');
  try {
    writeBlock(block, size);
    return await makeStore(count, (path, name) => {
      writeFileSync(join(path, 'name'), name);
      linkSync(block, join(path, 'data'));
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const piece = 1 << 20;

function writeBlock(file: string, size: number): void {
  const handle = openSync(file, 'w');
  const zeros = Buffer.alloc((piece * 3) / 4);
  for (let written = 0; written < size; written += piece) {
    writeSync(handle, Buffer.concat([noise(String(written), piece / 4), zeros]).subarray(0, size - written));
  }
  closeSync(handle);
}

/** `fill` writes the files of a path, whose name it gets. */
async function makeStore(count: number, fill: (directory: string, name: string) => void): Promise<MadeStore> {
  const root = await mkdtemp(join(tmpdir(), 'bench-store-'));
  const nix = join(root, 'nix');
  const names = Array.from({ length: count }, (_, i) => (i === 0 ? 'app-1' : `path-${i}`));
  const write = (name: string, references: readonly string[]) => {
    const directory = join(root, pathOf(name));
    mkdirSync(join(directory, 'bin'), { recursive: true });
    fill(directory, name);
    writeFileSync(join(directory, 'references'), references.join('\n'));
    if (name.startsWith('app-')) writeFileSync(join(directory, 'bin/app'), '#!/bin/sh\n', { mode: 0o755 });
    return [pathOf(name), '', String(references.length), ...references].map(line => `${line}\n`).join('');
  };
  const refersTo = names.map((_, i) => referencesOf(i, count).map(one => pathOf(names[one] as string)));
  const registration =
    names.map((name, i) => write(name, refersTo[i] ?? [])).join('') + write('app-2', refersTo[0] ?? []);
  const [program = '', ...args] = inStore(nix, ['nix-store', '--register-validity']);
  const { code, stderr } = await runProgram(program, args, { input: registration });
  if (code !== 0) throw new Error(`Cannot register the store paths: ${stderr}`);
  return {
    nix,
    app: pathOf('app-1'),
    changed: pathOf('app-2'),
    paths: names.map(pathOf),
    close: () => removeStore(root),
  };
}

function pathOf(name: string): string {
  // The digits of base 16 are digits of Nix's base 32, but for e.
  return `/nix/store/${createHash('sha256').update(name).digest('hex').slice(0, 32).replaceAll('e', 'z')}-${name}`;
}

/** Numbers of the paths that this one refers to: two further ones in a tree, and some that nearly all refer to. */
function referencesOf(number: number, count: number): number[] {
  const common = [1, 2, 3].map(i => count - i * (1 + (number % 3)));
  const all = new Set([2 * number + 1, 2 * number + 2, ...common]);
  return [...all].filter(one => one > number && one < count).sort((a, b) => a - b);
}

/** The same bytes for the same name, which no compressor makes smaller. */
function noise(name: string, size: number): Buffer {
  const key = createHash('sha256').update(name).digest().subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}
