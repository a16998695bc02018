import type { Json } from '../../lib/json-object.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import { type Descriptor, isDescriptor, mediaTypes } from '../../oci/blob.ts';
import type { Digest } from '../../oci/digest.ts';
import type { KnownBlob, KnownConfig, KnownContent } from '../../oci/known-blob.ts';
import { layerFactsOf } from '../../oci/layer-facts.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { openBlob, readBlob } from '../content/blobs.ts';
import { readManifestIfThere, readsAtATime, type StoredManifest } from '../content/manifests.ts';

/** A tag whose image may have layers to reuse. */
export interface KnownTag {
  readonly client: RepositoryClient;
  readonly tag: string;
  /** What to read instead of what the tag points to now. */
  readonly digest?: Digest | undefined;
}

/** Reads the layer facts in the manifests under these tags; a missing tag contributes none. */
export async function readKnown(tags: readonly KnownTag[]): Promise<KnownContent> {
  const layers = new Map<string, KnownBlob[]>();
  const configs = new Map<Digest, KnownConfig>();
  const pool = createPool(readsAtATime);
  const readTag = async ({ client, tag, digest }: KnownTag) => {
    const read = (name: string) => pool(() => readManifestIfThere(client, name));
    const manifest = await read(digest ?? tag);
    const reference = { ...client.repository, tag };
    return { client, reference, images: manifest === undefined ? [] : await imagesUnder(manifest.bytes, read) };
  };
  for (const { client, reference, images } of await settleAll(tags.map(readTag))) {
    for (const [name, known] of layersByName(images, client)) layers.set(name, [...(layers.get(name) ?? []), known]);
    for (const { config, layers: listed } of images) {
      if (!isDescriptor(config) || configs.has(config.digest)) continue;
      const descriptors = Array.isArray(listed) && listed.every(isDescriptor) ? listed : [];
      let reading: Promise<Uint8Array> | undefined;
      const read = () => {
        reading ??= readBlob(client, config);
        return reading;
      };
      configs.set(config.digest, { place: client.repository, reference, layers: descriptors, read });
    }
  }
  return { layers, configs };
}

/** At most one blob per name, however many claims an untrusted manifest makes. */
function layersByName(images: readonly Json[], client: RepositoryClient): Map<string, KnownBlob> {
  const byName = new Map<string, KnownBlob>();
  for (const { descriptor, facts } of images.flatMap(layersOf)) {
    const known = { descriptor, facts, repository: client.repository, open: () => openBlob(client, descriptor) };
    for (const name of [facts.identity, facts.diffId]) {
      if (name !== undefined && !byName.has(name)) byName.set(name, known);
    }
  }
  return byName;
}

const knownMediaTypes: readonly string[] = [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd];

/** Images that an index lists are read too, but no more than there are common platforms. */
const mostImages = 32;

/** A manifest, or those of the images that an index lists. */
async function imagesUnder(
  bytes: Buffer,
  readManifest: (digest: Digest) => Promise<StoredManifest | undefined>,
): Promise<Json[]> {
  const root = objectIn(bytes);
  const { manifests } = root;
  if (!Array.isArray(manifests)) return [root];
  const images = manifests.filter(isDescriptor).filter(({ mediaType }) => mediaType === mediaTypes.manifest);
  const read = images.slice(0, mostImages).map(({ digest }) => readManifest(digest));
  return (await settleAll(read)).flatMap(image => (image === undefined ? [] : [objectIn(image.bytes)]));
}

/** The layers of a manifest that have facts; none for an untrusted manifest of another type or shape. */
function layersOf({ layers }: Json): Pick<KnownBlob, 'descriptor' | 'facts'>[] {
  if (!Array.isArray(layers)) return [];
  return layers.filter(isLayerDescriptor).flatMap(({ mediaType, digest, size, annotations }) => {
    const facts = layerFactsOf({ mediaType, digest, size, annotations: annotations ?? {} });
    return facts === undefined ? [] : [{ descriptor: { mediaType, digest, size }, facts }];
  });
}

function isLayerDescriptor(value: unknown): value is Descriptor {
  return isDescriptor(value) && knownMediaTypes.includes(value.mediaType);
}
