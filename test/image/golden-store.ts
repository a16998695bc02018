import { hash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export const vectors = new URL('../vectors/', import.meta.url);

type Name = string | { readonly hex: string };
type Content = { readonly text: string } | { readonly prng: readonly [seed: string, size: number] };
type Tree =
  | { readonly path: Name; readonly type: 'dir'; readonly mode: string }
  | { readonly path: Name; readonly type: 'file'; readonly mode: string; readonly content: Content }
  | { readonly path: Name; readonly type: 'symlink'; readonly target: Name }
  | { readonly path: Name; readonly type: 'hardlink'; readonly to: string };

/** Makes these store paths of the golden trees in a directory of the test, and gives the way from the one to the other. */
export function makeGoldenStore(t: TestContext, storePaths: readonly string[]): (storePath: string) => string {
  const directory = mkdtempSync(join(tmpdir(), 'golden-store-'));
  const roots = new Set(storePaths.map(path => path.slice('/nix/store/'.length)));
  const trees = (JSON.parse(readFileSync(new URL('stream/trees.json', vectors), 'utf8')) as Tree[]).filter(({ path }) =>
    roots.has(bytesOf(path).toString('latin1').split('/', 1)[0] ?? ''),
  );
  const at = (name: Name) => Buffer.concat([Buffer.from(`${directory}/`), bytesOf(name)]);
  const directories = trees.filter(tree => tree.type === 'dir');
  t.after(() => {
    for (const { path } of directories) chmodSync(at(path), 0o700);
    rmSync(directory, { recursive: true });
  });
  for (const tree of trees) makeFile(tree, at);
  for (const { path, mode } of directories.toReversed()) chmodSync(at(path), Number.parseInt(mode, 8));
  return storePath => storePath.replace('/nix/store', directory);
}

function makeFile(tree: Tree, at: (name: Name) => Buffer): void {
  const path = at(tree.path);
  if (tree.type === 'dir') mkdirSync(path);
  if (tree.type === 'symlink') symlinkSync(bytesOf(tree.target), path);
  if (tree.type === 'hardlink') linkSync(at(tree.to), path);
  if (tree.type === 'file') {
    writeFileSync(path, contentOf(tree.content));
    chmodSync(path, Number.parseInt(tree.mode, 8));
  }
}

function bytesOf(name: Name): Buffer {
  return typeof name === 'string' ? Buffer.from(name) : Buffer.from(name.hex, 'hex');
}

/** `prng` is sha256("seed:0") sha256("seed:1") … cut at the size. */
function contentOf(content: Content): Buffer {
  if ('text' in content) return Buffer.from(content.text);
  const [seed, size] = content.prng;
  const bytes = Buffer.alloc(size);
  for (let i = 0; i * 32 < size; i++) hash('sha256', `${seed}:${i}`, 'buffer').copy(bytes, i * 32);
  return bytes;
}
