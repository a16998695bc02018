import { Failure } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { type Blob, type Descriptor, isDescriptor, mediaTypes } from '../oci/blob.ts';
import { type ImageConfig, parseConfig, platformOf } from '../oci/config.ts';
import { blobOf } from '../oci/manifest.ts';
import { formatRepository, type Repository } from '../oci/reference.ts';
import { openBlob, readBlob } from './blobs.ts';
import { getManifest } from './manifests.ts';
import type { RepositoryClient } from './registry.ts';

/** An image for one platform as a registry has it. Its manifest is to stay byte for byte. */
export interface StoredImage {
  readonly manifest: Blob;
  readonly configBlob: Blob;
  readonly config: ImageConfig;
  /** `os/architecture[/variant]` of the config. */
  readonly platform: string;
  readonly layers: readonly Blob[];
  readonly place: Repository;
}

const imageTypes: readonly string[] = [mediaTypes.manifest, 'application/vnd.docker.distribution.manifest.v2+json'];

/**
 * The images under a tag or digest: one, or all of an index of OCI or Docker. What an index lists beside images, such as
 * attestations, is left out. Layers are not read.
 */
export async function readStoredImages(client: RepositoryClient, name: string): Promise<StoredImage[]> {
  const what = `${formatRepository(client.repository)} (${name})`;
  const bytes = await getManifest(client, name);
  const json = parseObject(bytes, what);
  if (!Array.isArray(json.manifests)) return [await readImage(client, { bytes, json, what })];
  const entries = json.manifests.filter(isDescriptor).filter(isImage);
  if (entries.length === 0) throw new Failure(`Cannot use ${what}: it is an index that lists no image.`);
  return Promise.all(
    entries.map(async ({ digest }) => {
      const child = await getManifest(client, digest);
      return readImage(client, { bytes: child, json: parseObject(child, what), what: `${what}, ${digest}` });
    }),
  );
}

/** buildkit lists attestations for a platform that is none. */
function isImage(entry: Descriptor & { readonly platform?: { readonly os?: unknown } }): boolean {
  return imageTypes.includes(entry.mediaType) && entry.platform?.os !== 'unknown';
}

interface Read {
  readonly bytes: Buffer;
  readonly json: Json;
  readonly what: string;
}

async function readImage(client: RepositoryClient, { bytes, json, what }: Read): Promise<StoredImage> {
  const { mediaType = mediaTypes.manifest, config: configDescriptor, layers } = json;
  const isKnown = typeof mediaType === 'string' && imageTypes.includes(mediaType);
  if (!isKnown || !isDescriptor(configDescriptor) || !Array.isArray(layers) || !layers.every(isDescriptor)) {
    throw new Failure(`Cannot use ${what}: it is not an image that is understood (${JSON.stringify(mediaType)}).`);
  }
  const configBytes = await readBlob(client, configDescriptor);
  const config = parseConfig(configBytes, `the config of ${what}`);
  return {
    manifest: blobOf(bytes, mediaType),
    configBlob: blobOf(configBytes, configDescriptor.mediaType),
    config,
    platform: platformOf(config),
    layers: layers.map((descriptor: Descriptor) => ({ descriptor, open: () => openBlob(client, descriptor) })),
    place: client.repository,
  };
}

function parseObject(bytes: Buffer, what: string): Json {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (isObject(json)) return json;
  } catch {
    // Told below.
  }
  throw new Failure(`Cannot use ${what}: its manifest is not a JSON object.`);
}
