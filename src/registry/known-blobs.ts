import { type Descriptor, mediaTypes } from '../oci/blob.ts';
import { isDigest } from '../oci/digest.ts';
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
  const found = await Promise.all(
    tags.map(async ({ client, tag }) => {
      const bytes = await readManifestIfThere(client, tag);
      const known = bytes === undefined ? [] : layersOf(bytes);
      return known.map(
        ({ descriptor, facts }): KnownBlob => ({
          descriptor,
          facts,
          place: client.repository,
          open: () => openBlob(client, descriptor),
        }),
      );
    }),
  );
  const byName = new Map<string, KnownBlob[]>();
  for (const known of found.flat()) {
    for (const name of [known.facts.identity, known.facts.diffId]) {
      if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), known]);
    }
  }
  return byName;
}

const knownMediaTypes: readonly string[] = [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd];

/** The layers of a manifest that tell their facts. A manifest of another kind or shape has none: it is a stranger's. */
function layersOf(bytes: Buffer): Pick<KnownBlob, 'descriptor' | 'facts'>[] {
  const { layers } = parseObject(bytes);
  if (!Array.isArray(layers)) return [];
  return layers.filter(isLayerDescriptor).flatMap(({ mediaType, digest, size, annotations }) => {
    const facts = factsOf({ mediaType, digest, size, annotations: annotations ?? {} });
    return facts === undefined ? [] : [{ descriptor: { mediaType, digest, size }, facts }];
  });
}

function parseObject(bytes: Buffer): { readonly layers?: unknown } {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}

function isLayerDescriptor(value: unknown): value is Descriptor {
  if (typeof value !== 'object' || value === null) return false;
  const { mediaType, digest, size, annotations = {} } = value as Record<string, unknown>;
  return (
    typeof mediaType === 'string' &&
    knownMediaTypes.includes(mediaType) &&
    typeof digest === 'string' &&
    isDigest(digest) &&
    Number.isSafeInteger(size) &&
    Number(size) >= 0 &&
    typeof annotations === 'object' &&
    annotations !== null &&
    Object.values(annotations).every(text => typeof text === 'string')
  );
}
