import { Failure } from '../../lib/failure.ts';
import { isObject } from '../../lib/json-object.ts';
import { largestJson, parseJsonObject } from '../../lib/parse-json.ts';
import { type Descriptor, indexTypes, manifestTypes } from '../../oci/blob.ts';
import type { Digest } from '../../oci/digest.ts';
import { blobName, type LayoutFiles, readBlob } from './layout-files.ts';
import { parseAnnotations, parseDescriptor } from './parse-descriptor.ts';

/** A manifest that an index lists. */
export interface Entry {
  readonly descriptor: Descriptor;
  /** All names that lead to it. */
  readonly names: readonly string[];
  /** `os/architecture[/variant]`, if the index states it. */
  readonly platform: string | undefined;
  /** The index that lists it, unless index.json does. */
  readonly index?: Index | undefined;
}

/** An index below index.json. */
interface Index {
  readonly digest: Digest;
  readonly annotations: Readonly<Record<string, string>>;
  /** How many attestations it lists. */
  readonly attestations: number;
}

/** Most levels of indexes above a manifest, including index.json. */
const deepest = 4;

/** All manifests that index.json leads to, each once. OCI image-spec, image-index.md: other media types are skipped. */
export async function readIndex(files: LayoutFiles): Promise<Entry[]> {
  const found: Entry[] = [];
  let level = parseIndex(await files.read('index.json', largestJson), `index.json of ${files.description}`).entries;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepest)
      throw new Failure(`Cannot read ${files.description}: its indexes are nested more than ${deepest} deep.`);
    const entries = merged(level);
    found.push(...entries.filter(({ descriptor }) => manifestTypes.includes(descriptor.mediaType)));
    const indexes = entries.filter(({ descriptor }) => indexTypes.includes(descriptor.mediaType));
    level = (await Promise.all(indexes.map(index => readNested(files, index)))).flat();
  }
  if (found.length > 0) return merged(found);
  throw new Failure(`Cannot use ${files.description}: its index.json lists no image, directly or through an index.`);
}

/** The names of an index also apply to its manifests. */
async function readNested(files: LayoutFiles, { descriptor, names }: Entry): Promise<Entry[]> {
  const description = `the index ${blobName(descriptor.digest)} of ${files.description}`;
  const { entries, annotations, attestations } = parseIndex(await readBlob(files, descriptor, 'index'), description);
  const index = { digest: descriptor.digest, annotations, attestations };
  return entries.map(entry => ({ ...entry, names: [...names, ...entry.names], index }));
}

/** One entry per digest: a manifest is listed once for each of its tags. */
function merged(entries: readonly Entry[]): Entry[] {
  const byDigest = new Map<Digest, Entry>();
  for (const entry of entries) {
    const { digest } = entry.descriptor;
    const before = byDigest.get(digest) ?? entry;
    byDigest.set(digest, {
      descriptor: before.descriptor,
      names: [...new Set([...before.names, ...entry.names])],
      platform: before.platform ?? entry.platform,
      index: before.index ?? entry.index,
    });
  }
  return [...byDigest.values()];
}

/** buildkit lists attestations next to the images that they are about, with an unknown platform. */
function parseIndex(bytes: Buffer, description: string) {
  const { manifests, annotations } = parseJsonObject(bytes, description);
  if (!Array.isArray(manifests)) throw new Failure(`Cannot read ${description}: its "manifests" is not a list.`);
  const all = manifests.map((item, i) => parseEntry(item, `"manifests[${i}]" of ${description}`));
  const entries = all.filter(({ platform }) => platform !== 'unknown/unknown');
  return {
    entries,
    annotations: parseAnnotations(annotations, description),
    attestations: all.length - entries.length,
  };
}

function parseEntry(item: unknown, description: string): Entry {
  const descriptor = parseDescriptor(item, description);
  const { annotations = {} } = descriptor;
  const names = [annotations['io.containerd.image.name'], annotations['org.opencontainers.image.ref.name']];
  return {
    descriptor,
    names: names.filter(name => name !== undefined),
    platform: isObject(item) && isObject(item.platform) ? parsePlatform(item.platform, description) : undefined,
  };
}

function parsePlatform(platform: Readonly<Record<string, unknown>>, description: string): string {
  const { os, architecture, variant = '' } = platform;
  const parts = [os, architecture, variant];
  if (parts.every(part => typeof part === 'string')) return parts.filter(part => part !== '').join('/');
  throw new Failure(`Cannot read ${description}: its "platform" has no os and architecture.`);
}
