import { Failure } from '../../lib/failure.ts';
import { isObject, type Json } from '../../lib/json-object.ts';
import { parseJsonObject } from '../../lib/parse-json.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import { type Blob, type Descriptor, indexTypes, isDescriptor, manifestTypes, mediaTypes } from '../../oci/blob.ts';
import { type ImageConfig, parseConfig, platformOf } from '../../oci/config.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
import { blobOf } from '../../oci/manifest.ts';
import { closestTo } from '../../oci/platform.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { openBlob, readBlob } from '../content/blobs.ts';
import { getManifest, readsAtATime } from '../content/manifests.ts';

/** An image for one platform in a registry. Its layers are not read. */
export interface StoredImage {
  readonly manifest: Blob;
  readonly configBlob: Blob;
  readonly config: ImageConfig;
  /** `os/architecture[/variant]` of the config. */
  readonly platform: string;
  readonly layers: readonly Blob[];
  /** Annotations of the manifest. */
  readonly annotations: Annotations;
  readonly repository: Repository;
}

/** The content of a tag or digest: an image, or an index of several, OCI or Docker. */
export interface Stored {
  readonly digest: Digest;
  /** The index, if it is one. */
  readonly index?: { readonly annotations: Annotations };
  /** The one image, or those of the index. */
  readonly images: readonly [StoredImage, ...StoredImage[]];
  /** How many attestations and other manifests an index lists besides its images. */
  readonly others: number;
}

type Annotations = Readonly<Record<string, string>>;

/** Most images of an index: several times the platforms that official images are built for. */
const mostImages = 100;
/** Characters. */
const longestPlatform = 100;

/**
 * Reads the content of a tag or digest. Of an index it reads all images, or with `platform`
 * (`os/architecture[/variant]`) the one for it: a Failure if there is none or more than one.
 */
export async function readStored(client: RepositoryClient, name: string, platform?: string): Promise<Stored> {
  const description = `${formatRepository(client.repository)} (${name})`;
  const bytes = await getManifest(client, name);
  const json = parseJsonObject(bytes, `the manifest of ${description}`);
  const digest = digestOf(bytes);
  const { manifests } = json;
  if (!Array.isArray(manifests)) {
    return { digest, images: [await readImage(client, { bytes, json, description })], others: 0 };
  }
  const entries = imageEntries(manifests, description);
  const [first, ...more] = await readEntries(client, entries, { platform, description });
  if (first === undefined || (platform !== undefined && more.length > 0)) {
    const there = entries.map(entry => entry.platform ?? entry.descriptor.digest).join(', ');
    throw new Failure(
      platform === undefined
        ? `Cannot use ${description}: it is an index without images.`
        : `Cannot choose an image for ${platform} from ${description}: it has ${there}. Name one of them by its digest.`,
    );
  }
  const index = { annotations: annotationsOf(json) };
  return { digest, index, images: [first, ...more], others: manifests.length - entries.length };
}

interface Entry {
  readonly descriptor: Descriptor;
  /** Present if the index states it. */
  readonly platform: string | undefined;
}

/** The images that an index lists. An index within it is a Failure, because its entries would be lost. */
function imageEntries(manifests: readonly unknown[], description: string): Entry[] {
  const descriptors = manifests.filter(isDescriptor);
  const nested = descriptors.find(({ mediaType }) => indexTypes.includes(mediaType));
  if (nested !== undefined) {
    throw new Failure(
      `Cannot use ${description}: it is an index that lists another index, ${nested.digest}. Name that index instead.`,
    );
  }
  const entries = descriptors
    .filter(isImage)
    .map(descriptor => ({ descriptor, platform: platformIn(descriptor) }))
    .filter(({ platform }) => platform !== 'unknown/unknown');
  if (entries.length <= mostImages) return entries;
  throw new Failure(
    `Cannot use ${description}: it is an index of ${entries.length} images; at most ${mostImages} are allowed.`,
  );
}

/** Artifacts have manifests like images, and buildkit lists attestations with an unknown platform. */
function isImage(entry: Descriptor & { readonly artifactType?: unknown }): boolean {
  return manifestTypes.includes(entry.mediaType) && entry.artifactType === undefined;
}

function platformIn({ platform }: Descriptor & { readonly platform?: unknown }): string | undefined {
  if (!isObject(platform)) return undefined;
  const { os, architecture, variant } = platform;
  const named = [os, architecture, variant].filter(part => typeof part === 'string' && part !== '').join('/');
  return named.length > longestPlatform ? undefined : named;
}

/** An index need not state the platform of an image; its config does. */
async function readEntries(
  client: RepositoryClient,
  entries: readonly Entry[],
  { platform: wanted, description }: { readonly platform: string | undefined; readonly description: string },
): Promise<StoredImage[]> {
  const candidates = wanted === undefined ? entries : entriesFor(wanted, entries);
  const pool = createPool(readsAtATime);
  const read = async ({ descriptor: { digest } }: Entry) => {
    const bytes = await getManifest(client, digest);
    return readImage(client, {
      bytes,
      json: parseJsonObject(bytes, `the manifest ${digest} of ${description}`),
      description: `${description}, ${digest}`,
    });
  };
  const images = await settleAll(candidates.map(entry => pool(() => read(entry))));
  if (wanted === undefined) return images;
  const found = images.map((image, i) => ({ image, platform: candidates[i]?.platform ?? image.platform }));
  return closestTo(wanted, found, ({ platform }) => platform).map(({ image }) => image);
}

/** The candidates for the platform: the closest of those that state theirs, and all that do not. */
function entriesFor(wanted: string, entries: readonly Entry[]): Entry[] {
  const named = closestTo(wanted, entries, ({ platform }) => platform ?? '');
  return entries.filter(entry => entry.platform === undefined || named.includes(entry));
}

interface Read {
  readonly bytes: Buffer;
  readonly json: Json;
  readonly description: string;
}

async function readImage(client: RepositoryClient, { bytes, json, description }: Read): Promise<StoredImage> {
  const { mediaType = mediaTypes.manifest, config: configDescriptor, layers } = json;
  const isKnown = typeof mediaType === 'string' && manifestTypes.includes(mediaType);
  if (!isKnown || !isDescriptor(configDescriptor) || !Array.isArray(layers) || !layers.every(isDescriptor)) {
    throw new Failure(
      `Cannot use ${description}: it is not a supported image (media type ${JSON.stringify(mediaType)?.slice(0, 100)}).`,
    );
  }
  const configBytes = await readBlob(client, configDescriptor);
  const config = parseConfig(configBytes, `the config of ${description}`);
  return {
    manifest: blobOf(bytes, mediaType),
    configBlob: blobOf(configBytes, configDescriptor.mediaType),
    config,
    platform: platformOf(config),
    layers: layers.map((descriptor: Descriptor) => ({ descriptor, open: () => openBlob(client, descriptor) })),
    annotations: annotationsOf(json),
    repository: client.repository,
  };
}

/** Leaves out annotations that are not strings, which some registries accept. */
function annotationsOf({ annotations }: Json): Annotations {
  const entries = isObject(annotations) ? Object.entries(annotations) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
