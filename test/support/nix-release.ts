import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/lib/process.ts';
import { storeXz } from './store-xz.ts';

/** A directory with one real release of Nix, in upstream's layout below `directory`. */
export interface NixRelease {
  readonly directory: string;
  readonly version: string;
  /** Of the archive for this machine. */
  readonly sha256: string;
}

const cache = fileURLToPath(new URL('../../.cache/nix-release', import.meta.url));
const stored = `${cache}-stored`;
const maker = fileURLToPath(new URL('make-nix-release', import.meta.url));

/** The release in `.cache/nix-release`, made there first if there is none. */
export async function openNixRelease(): Promise<NixRelease> {
  return (await readRelease(cache)) ?? (await makeRelease());
}

/**
 * The same release in an archive that is not compressed, for tests of what happens around the unpacking: that would take
 * half of their time.
 */
export async function openStoredRelease(): Promise<NixRelease> {
  return (await readRelease(stored)) ?? (await storeRelease(await openNixRelease()));
}

/** Whether both find one. */
export async function hasNixRelease(): Promise<boolean> {
  return (await readRelease(cache)) !== undefined && (await readRelease(stored)) !== undefined;
}

async function readRelease(directory: string): Promise<NixRelease | undefined> {
  const names = await readdir(directory).catch(() => []);
  const name = names.find(candidate => candidate.startsWith('nix-'));
  if (name === undefined) return undefined;
  const files = await readdir(join(directory, name));
  const checksum = files.find(file => file.endsWith('.sha256')) ?? '';
  const sha256 = (await readFile(join(directory, name, checksum), 'utf8')).trim();
  return { directory, version: name.slice('nix-'.length), sha256 };
}

async function makeRelease(): Promise<NixRelease> {
  const temporary = `${cache}.${process.pid}`;
  await mkdir(dirname(cache), { recursive: true });
  const { code, stderr } = await runProgram(maker, [temporary]);
  if (code !== 0) throw new Error(`${maker} failed: ${stderr}`);
  return keep(temporary, cache);
}

async function storeRelease({ directory, version }: NixRelease): Promise<NixRelease> {
  const name = `nix-${version}`;
  const file = (await readdir(join(directory, name))).find(candidate => candidate.endsWith('.xz')) ?? '';
  const temporary = `${stored}.${process.pid}`;
  await mkdir(join(temporary, name), { recursive: true });
  const tar = join(temporary, 'tar');
  const unpack = await runProgram('sh', ['-c', 'xz -dc "$1" > "$2"', 'sh', join(directory, name, file), tar]);
  if (unpack.code !== 0) throw new Error(`xz failed: ${unpack.stderr}`);
  const archive = storeXz(await readFile(tar));
  await rm(tar);
  await writeFile(join(temporary, name, file), archive);
  await writeFile(join(temporary, name, `${file}.sha256`), createHash('sha256').update(archive).digest('hex'));
  return keep(temporary, stored);
}

/** Moves a finished directory to where releases are looked for. */
async function keep(temporary: string, directory: string): Promise<NixRelease> {
  await rm(directory, { recursive: true, force: true });
  await rename(temporary, directory);
  const release = await readRelease(directory);
  if (release === undefined) throw new Error(`There is no release in ${directory}`);
  return release;
}
