import { objectIn } from '../lib/json-object.ts';
import { settleAll } from '../lib/pool.ts';
import { type Descriptor, isDescriptor, mediaTypes } from '../oci/blob.ts';
import type { KnownBlob, KnownBlobs } from '../oci/known-blob.ts';
import { factsOf } from '../oci/layer-facts.ts';
import { openBlob } from './blobs.ts';
import { readManifestIfThere } from './manifests.ts';
import type { RepositoryClient } from './registry.ts';

/** A tag that may hold an image whose layers are worth knowing. */
export interface KnownTag {
  readonly client: RepositoryClient;
  readonly tag: string;
}

/** Reads what the manifests under these tags tell of their layers; a tag that is not there tells nothing. */
export async function readKnownBlobs(tags: readonly KnownTag[]): Promise<KnownBlobs> {
  const byName = new Map<string, KnownBlob[]>();
  for (const found of await settleAll(tags.map(readTag))) {
    for (const [name, known] of found) byName.set(name, [...(byName.get(name) ?? []), known]);
  }
  return byName;
}

/** One blob a name: however many a stranger's manifest claims, only so many can be asked for. */
async function readTag({ client, tag }: KnownTag): Promise<Map<string, KnownBlob>> {
  const manifest = await readManifestIfThere(client, tag);
  const byName = new Map<string, KnownBlob>();
  for (const { descriptor, facts } of manifest === undefined ? [] : await layersUnder(client, manifest.bytes)) {
    const known = { descriptor, facts, place: client.repository, open: () => openBlob(client, descriptor) };
    for (const name of [facts.identity, facts.diffId]) {
      if (name !== undefined && !byName.has(name)) byName.set(name, known);
    }
  }
  return byName;
}

const knownMediaTypes: readonly string[] = [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd];

/** Images that an index lists are read too, but no more of them than platforms that anyone builds for. */
const mostImages = 32;

/** The layers of a manifest, or of the images that an index lists. */
async function layersUnder(client: RepositoryClient, bytes: Buffer): Promise<ReturnType<typeof layersOf>> {
  const { manifests } = objectIn(bytes);
  if (!Array.isArray(manifests)) return layersOf(bytes);
  const images = manifests.filter(isDescriptor).filter(({ mediaType }) => mediaType === mediaTypes.manifest);
  const read = images.slice(0, mostImages).map(({ digest }) => readManifestIfThere(client, digest));
  return (await settleAll(read)).flatMap(image => (image === undefined ? [] : layersOf(image.bytes)));
}

/** The layers of a manifest that tell their facts. A manifest of another kind or shape has none: it is a stranger's. */
function layersOf(bytes: Buffer): Pick<KnownBlob, 'descriptor' | 'facts'>[] {
  const { layers } = objectIn(bytes);
  if (!Array.isArray(layers)) return [];
  return layers.filter(isLayerDescriptor).flatMap(({ mediaType, digest, size, annotations }) => {
    const facts = factsOf({ mediaType, digest, size, annotations: annotations ?? {} });
    return facts === undefined ? [] : [{ descriptor: { mediaType, digest, size }, facts }];
  });
}

function isLayerDescriptor(value: unknown): value is Descriptor {
  return isDescriptor(value) && knownMediaTypes.includes(value.mediaType);
}
