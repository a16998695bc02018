import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/lib/process.ts';

/** A directory with one real release of Nix, in upstream's layout below `directory`. */
export interface NixRelease {
  readonly directory: string;
  readonly version: string;
  /** Of the archive for this machine. */
  readonly sha256: string;
}

const cache = fileURLToPath(new URL('../../.cache/nix-release', import.meta.url));
const maker = fileURLToPath(new URL('make-nix-release', import.meta.url));

/** The release in `.cache/nix-release`, made there first if there is none. */
export async function openNixRelease(): Promise<NixRelease> {
  return (await readRelease()) ?? (await makeRelease());
}

/** Whether `openNixRelease` finds one. */
export async function hasNixRelease(): Promise<boolean> {
  return (await readRelease()) !== undefined;
}

async function readRelease(): Promise<NixRelease | undefined> {
  const names = await readdir(cache).catch(() => []);
  const name = names.find(candidate => candidate.startsWith('nix-'));
  if (name === undefined) return undefined;
  const files = await readdir(join(cache, name));
  const checksum = files.find(file => file.endsWith('.sha256')) ?? '';
  const sha256 = (await readFile(join(cache, name, checksum), 'utf8')).trim();
  return { directory: cache, version: name.slice('nix-'.length), sha256 };
}

async function makeRelease(): Promise<NixRelease> {
  const temporary = `${cache}.${process.pid}`;
  await mkdir(dirname(cache), { recursive: true });
  const { code, stderr } = await runProgram(maker, [temporary]);
  if (code !== 0) throw new Error(`${maker} failed: ${stderr}`);
  await rm(cache, { recursive: true, force: true });
  await rename(temporary, cache);
  const release = await readRelease();
  if (release === undefined) throw new Error(`${maker} made no release`);
  return release;
}
