import { createWriteStream, realpathSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompressedFormat } from '../lib/compress/decompress.ts';
import { Failure, hasCode } from '../lib/failure.ts';
import { parseJsonObject } from '../lib/parse-json.ts';
import { runProgram } from '../lib/process.ts';
import type { Image } from '../oci/image.ts';
import type { Log } from '../runtime.ts';
import { isStorePath, storeDirectoryOf } from '../store-path.ts';
import { type Archive, indexArchive } from '../tar/index-archive.ts';
import { openDockerArchive } from './docker-archive.ts';
import { findStreamSettings } from './find-stream-settings.ts';
import type { Split } from './layering/split-paths.ts';
import { openNix2container } from './nix2container/open-nix2container.ts';
import { openLayoutDirectory } from './oci-layout/layout-directory.ts';
import { openOciLayout } from './oci-layout/open-oci-layout.ts';
import { describeDirectory, describeFile, shapeOf } from './shape.ts';
import { staysInStore } from './stays-in-store.ts';
import { openStreamLayered } from './stream-layered.ts';
import { findRunnableScript, readSettings, type StreamScript } from './stream-script.ts';
import { longestSettings } from './stream-settings.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface OpenedImage {
  readonly image: Image;
  /** For the log: `docker-archive (gzip)`. */
  readonly shape: string;
  /** Whether times in it are those of the run. */
  readonly usesClock?: boolean;
}

/** Whether to read a streamLayeredImage from its settings: if they are supported, always, or never. */
export type Native = 'auto' | 'require' | 'off';

export interface ImageLocation {
  /** Store path, `result` link or file; absolute. */
  readonly path: string;
  /** Directory for archives that must be unpacked before they can be read in place; each gets a subdirectory. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Pick<Log, 'info' | 'warning'>;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly native: Native;
  /** Which image to use if there are several. */
  readonly imageName?: string;
  /** `os/architecture[/variant]` */
  readonly platform?: string;
  /** NAR hashes by store path, if all are known; without them layers of store paths have no identity. */
  readonly narHashes?: (paths: readonly string[]) => Promise<ReadonlyMap<string, string> | undefined>;
  /** Redistributes the store paths of an image that has layers; a Failure if its layers are fixed. */
  readonly split?: Split | undefined;
  /** Makes an image of a store path that is not one; without this function such a path is a Failure. */
  readonly openPackage?: (path: string) => Promise<Image>;
}

const understood =
  "Supported are dockerTools' buildImage, buildLayeredImage and streamLayeredImage, docker-archives, OCI layouts (directory or tar), " +
  "nix2container's image.json, and packages.";

const notAStream =
  'an executable script, but not that of a streamLayeredImage in the Nix store, so it was not run. For an image that ' +
  'runs this script, build a package with it in bin/ (writeShellScriptBin)';

/** Opens an image of any shape that Nix builds; a Failure says what was found instead. */
export async function openImage(location: ImageLocation): Promise<OpenedImage> {
  const path = resolvePath(location.path);
  const facts = statSync(path);
  if (facts.isDirectory()) return openDirectory(path, location);
  if (!facts.isFile()) throw refusal(path, 'neither a file nor a directory');
  const shape = shapeOf(path);
  if (shape === 'script' || shape === 'stream-settings') return openStream(path, { ...location, shape });
  if (shape === 'nix2container') {
    const image = await openNix2container({ path, store: storeDirectoryOf(location.env), split: location.split });
    return { image, shape: 'nix2container image' };
  }
  if (shape !== 'unknown') rejectSplit(path, `an archive (${shape})`, location);
  if (shape === 'tar') return openArchive(path, path, { ...location, shape: 'plain' });
  if (shape === 'unknown') throw refusal(path, describeFile(path));
  return openArchive(await unpack(path, shape, location.directory), path, { ...location, shape });
}

async function openDirectory(path: string, location: ImageLocation): Promise<OpenedImage> {
  const files = openLayoutDirectory(path, describeImage(path));
  if (files.has('oci-layout')) {
    rejectSplit(path, 'an OCI layout', location);
    return { image: await openOciLayout(files, location), shape: 'OCI layout' };
  }
  const found = describeDirectory(path);
  if (found !== undefined) throw refusal(path, found);
  const store = storeDirectoryOf(location.env);
  if (!isStorePath(path, store)) {
    throw refusal(path, `a directory without oci-layout. A package must be a store path, right below ${store}`);
  }
  if (location.openPackage !== undefined) return { image: await location.openPackage(path), shape: 'package' };
  throw refusal(path, 'a directory, but not an OCI layout; opening it as a package requires Nix');
}

/** An uncompressed archive, read in place; `path` is its origin. */
async function openArchive(
  file: string,
  path: string,
  { shape, ...choice }: ImageLocation & { readonly shape: string },
): Promise<OpenedImage> {
  const archive: Archive = await indexArchive(file, describeImage(path));
  if (archive.has('manifest.json')) {
    return { image: await openDockerArchive(archive, choice), shape: `docker-archive (${shape})` };
  }
  if (archive.has('oci-layout'))
    return { image: await openOciLayout(archive, choice), shape: `OCI archive (${shape})` };
  throw refusal(path, 'a tar archive without manifest.json and without oci-layout');
}

/** A streamLayeredImage: from its settings if they are supported, else by running its script. */
async function openStream(
  path: string,
  location: ImageLocation & { readonly shape: 'script' | 'stream-settings' },
): Promise<OpenedImage> {
  const { native, log, directory, now, shape } = location;
  const store = storeDirectoryOf(location.env);
  const found = native === 'off' ? undefined : findStreamSettings({ path });
  if (found?.native) {
    const openBase = async (archive: string) => {
      if (!staysInStore(archive, store)) throw refusal(archive, `not in the store ${store}, where a base must be`);
      return openDockerArchive(await openBaseArchive(archive, directory), 'first');
    };
    const narHashes = location.narHashes === undefined ? {} : { narHashes: location.narHashes };
    const image = await openStreamLayered({ ...found, ...narHashes, split: location.split, now, store, openBase });
    if (image.isTimeNow)
      log.warning(
        'The files in the image have the time of the run (mtime = "now"), so its layers differ in every run.',
      );
    return { image, shape: 'streamLayeredImage, read from its settings', usesClock: usesClock(found.settingsPath) };
  }
  if (native === 'require')
    throw new Failure(
      `Cannot read the image ${path} without running its script, which native: require forbids: ${found?.why}.`,
    );
  if (shape === 'stream-settings') {
    throw refusal(
      path,
      `JSON, but not the settings of a streamLayeredImage${found === undefined ? '' : ` (${found.why})`}`,
    );
  }
  const script = findRunnableScript(path, store);
  if (script === undefined) throw refusal(path, notAStream);
  rejectSplit(path, `an image that its script writes${found === undefined ? '' : ` (${found.why})`}`, location);
  if (found !== undefined) log.info(`Running the script ${path}: ${found.why}.`);
  const archive = await newFile(directory);
  await writeArchive(path, script, archive);
  const opened = await openArchive(archive, path, { ...location, shape: 'written by its script' });
  return { ...opened, usesClock: usesClock(script.settings) };
}

function usesClock(settingsPath: string): boolean {
  const { created, mtime } = parseJsonObject(readSettings(settingsPath), settingsPath, { largest: longestSettings });
  return created === 'now' || mtime === 'now';
}

async function openBaseArchive(path: string, directory: string): Promise<Archive> {
  const shape = shapeOf(path);
  if (shape === 'tar') return indexArchive(path, describeImage(path));
  if (shape !== 'gzip' && shape !== 'zstd' && shape !== 'xz') throw refusal(path, describeFile(path));
  return indexArchive(await unpack(path, shape, directory), describeImage(path));
}

function unpack(path: string, compression: CompressedFormat, directory: string): Promise<string> {
  return unpackArchive(path, { compression, directory, description: describeImage(path) });
}

async function newFile(directory: string): Promise<string> {
  return join(await mkdtemp(join(directory, 'image-')), 'image.tar');
}

/**
 * Runs the script of streamLayeredImage, which writes an uncompressed docker-archive to its standard output. The script
 * gets an empty environment, so it sees no secret.
 */
async function writeArchive(path: string, { program, settings }: StreamScript, file: string): Promise<void> {
  const { code, stderr } = await runProgram(program, [settings], { env: {}, output: createWriteStream(file) });
  if (code === 0) return;
  throw new Failure(
    `Cannot read the image ${path}: the script failed with exit code ${code}.\n${stderr.slice(-4000).trimEnd()}`,
  );
}

/** Only an image that names the store paths of its layers can be redistributed. */
function rejectSplit(path: string, description: string, { split }: Pick<ImageLocation, 'split'>): void {
  if (split === undefined) return;
  throw new Failure(
    `Cannot use layering: stable for ${path}: it is ${description}, whose layers are fixed. ` +
      'Remove layering, or build a streamLayeredImage, a nix2container image or a package.',
  );
}

function resolvePath(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new Failure(`Cannot open the image ${path}: the file does not exist.`, { cause });
  }
}

function describeImage(path: string): string {
  return `the image ${path}`;
}

function refusal(path: string, found: string): Failure {
  return new Failure(`Cannot use ${path} as an image: it is ${found}. ${understood}`);
}
