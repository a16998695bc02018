import { compressedFormatOf, decompress } from '../lib/compress/decompress.ts';
import { Failure } from '../lib/failure.ts';
import { largestJson, parseJson } from '../lib/parse-json.ts';
import { type ReadOptions, reuseBuffer } from '../lib/read-options.ts';
import { mediaTypes } from '../oci/blob.ts';
import { diffIdsOf, type ImageConfig, parseConfig } from '../oci/config.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import type { Image, Layer } from '../oci/image.ts';
import type { Archive } from '../tar/index-archive.ts';
import { withName } from './with-name.ts';

/** Which image of an archive to use: the first, the only one, or the one with a name. */
export type ArchiveChoice =
  | 'first'
  | {
      /** One of its `RepoTags`, or its name without a tag. Required if the archive has several images. */
      readonly imageName?: string;
    };

/** An image, and the archive's names of its layers: `Layers` of manifest.json. */
export interface ArchiveImage extends Image {
  readonly layerNames: readonly string[];
}

/** An entry of manifest.json. */
interface ManifestEntry {
  readonly config: string;
  readonly layers: readonly string[];
  readonly names: readonly string[];
}

/**
 * An image of an archive in the format of `docker save`: `manifest.json` names configs and layers, members in any
 * order, layers in any compression. moby image/spec, "Combined Image JSON + Filesystem Changeset Format".
 */
export async function openDockerArchive(archive: Archive, choice: ArchiveChoice = {}): Promise<ArchiveImage> {
  const entry = chooseEntry(await readManifest(archive), choice, archive.description);
  const config = await readConfig(archive, entry.config);
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== entry.layers.length) {
    throw new Failure(
      `Cannot read ${archive.description}: manifest.json lists ${entry.layers.length} layers, but the config lists ${diffIds.length || 'no'} diff_ids.`,
    );
  }
  const layers: Layer[] = [];
  for (const [i, member] of entry.layers.entries()) layers.push(await openLayer(archive, member, diffIds[i]));
  return { config, layers, layerNames: entry.layers };
}

function chooseEntry(entries: readonly ManifestEntry[], choice: ArchiveChoice, description: string): ManifestEntry {
  const { imageName } = choice === 'first' ? {} : choice;
  const found = imageName === undefined ? entries : withName(entries, imageName);
  const [entry] = found;
  if (entry !== undefined && (found.length === 1 || choice === 'first')) return entry;
  const held = entries.map(({ names }) => names.join(' ') || 'one unnamed image').join(', ');
  const why =
    imageName === undefined
      ? `it contains ${entries.length} images (${held})`
      : `${found.length === 0 ? 'none is' : `${found.length} are`} named ${imageName}; it contains ${held}`;
  throw new Failure(
    `Cannot choose an image from ${description}: ${why}. Set image-name to the name of the one you want.`,
  );
}

async function readManifest(archive: Archive): Promise<ManifestEntry[]> {
  const bytes = await archive.read('manifest.json', largestJson);
  const json = parseJson(bytes, `manifest.json of ${archive.description}`);
  const entries = Array.isArray(json) ? json.map(parseEntry) : [];
  if (entries.length > 0 && entries.every(entry => entry !== undefined)) return entries;
  throw new Failure(
    `Cannot read manifest.json of ${archive.description}: it must be a list of images with Config and Layers.`,
  );
}

/** docker writes an empty list as null. */
function parseEntry(value: unknown): ManifestEntry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { Config, Layers, RepoTags } = value as Record<string, unknown>;
  const names = RepoTags ?? [];
  const layers = Layers === null ? [] : Layers;
  if (typeof Config !== 'string' || !isStrings(layers) || !isStrings(names)) return undefined;
  return { config: Config, layers, names };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

/** A config that is named after a digest, as all known writers do, must have that digest. */
async function readConfig(archive: Archive, member: string): Promise<ImageConfig> {
  const bytes = await archive.read(member, largestJson);
  const promised = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(member)?.[1];
  if (promised !== undefined && digestOf(bytes) !== `sha256:${promised}`) {
    throw new Failure(
      `Cannot use ${archive.description}: its config "${member}" has the digest ${digestOf(bytes)}, but its name states another. Build or download the archive again.`,
    );
  }
  return parseConfig(bytes, `the config "${member}" of ${archive.description}`);
}

/** No registry accepts xz, so such a layer counts as plain. */
async function openLayer(archive: Archive, member: string, diffId: Digest | undefined): Promise<Layer> {
  const description = `the layer "${member}" of ${archive.description}`;
  const size = archive.size(member);
  const open = (options?: ReadOptions) => archive.open(member, options);
  const compression = compressedFormatOf(await readStart(archive, member));
  if (size === 0) throw new Failure(`Cannot read ${description}: it is empty.`);
  if (compression === undefined) return { diffId, encoding: 'tar', description, size, open };
  if (compression === 'xz')
    return { diffId, encoding: 'tar', description, open: () => decompress(open(reuseBuffer), 'xz', description) };
  if (compression === 'bzip2') {
    throw new Failure(`Cannot read ${description}: bzip2 is not supported. Use no compression, gzip, zstd or xz.`);
  }
  const mediaType = compression === 'gzip' ? mediaTypes.layerGzip : mediaTypes.layerZstd;
  const digest = blobDigestOf(member);
  const promised = digest === undefined ? {} : { descriptor: { mediaType, digest, size } };
  return { diffId, encoding: compression, description, size, ...promised, open };
}

async function readStart(archive: Archive, member: string): Promise<Uint8Array> {
  for await (const start of archive.open(member)) return start;
  return new Uint8Array(0);
}

/** Archives of docker 25 and later are also OCI layouts, so their layers are named after their digest. */
function blobDigestOf(member: string): Digest | undefined {
  const hex = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(member)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}
