import { bakeFiles, metadataOutputs } from '../metadata/metadata-outputs.ts';
import { layersDigest } from '../oci/layers-digest.ts';
import { parsePlatform } from '../oci/platform.ts';
import { formatReference, formatRepository } from '../oci/reference.ts';
import { packagesBySize } from './packages.ts';
import {
  hasImages,
  type ImageResult,
  isVerified,
  type LayerResult,
  type MetadataResult,
  type RunResult,
  type StepResult,
  sizeOf,
  type VerifyResult,
} from './result.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * The step's outputs by name. A build's `tags` are those that were pushed. If there are several images, `images`
 * describes each of them, and outputs about a single one are empty.
 */
export function outputsOf(result: StepResult): Texts {
  if (isVerified(result)) return verifyOutputs(result);
  const metadata = metadataResultOf(result)?.metadata;
  const said = metadata === undefined ? {} : metadataOutputs(metadata);
  if (!hasImages(result)) return said;
  const { images } = result;
  const [image] = images;
  return {
    ...(image === undefined || images.length > 1 ? {} : imageOutputs(image)),
    images: JSON.stringify(images.map(summaryOf)),
    'uploaded-bytes': String(images.reduce((sum, { uploadedBytes }) => sum + uploadedBytes, 0)),
    'nix-version': result.nixVersion ?? '',
    'reused-build': String(result.reused !== undefined),
    // Only a step that fails has one.
    'build-log': '',
    ...cacheOutputs(result),
    ...said,
    tags: images.flatMap(tagsOf).join('\n'),
  };
}

/** The contents of the files that outputs name, by output. */
export function outputFilesOf(result: StepResult): Texts {
  const metadata = metadataResultOf(result)?.metadata;
  if (metadata === undefined) return {};
  const { json = '' } = metadataOutputs(metadata);
  const { descriptor } = outputsOf(result);
  return {
    ...(descriptor === undefined ? {} : { 'descriptor-file': descriptor }),
    'json-file': json,
    ...bakeFiles(metadata),
  };
}

/** The metadata of a single image; undefined for several. */
export function metadataResultOf(result: StepResult): MetadataResult | undefined {
  if (isVerified(result)) return undefined;
  if (!hasImages(result)) return result;
  return result.images.length === 1 ? result.images[0] : undefined;
}

function verifyOutputs({ digest, name, verified }: VerifyResult): Texts {
  return { digest, image: name, verified: verified.join('\n') };
}

function cacheOutputs({ cache }: RunResult): Texts {
  return {
    'cache-hit': String(cache !== undefined && cache.key === cache.matchedKey),
    'cache-key': cache?.key ?? '',
    'cache-matched-key': cache?.matchedKey ?? '',
    'cache-restored-bytes': String(cache?.restoredBytes ?? 0),
  };
}

/** `metadata` has the keys of docker/build-push-action that apply, and our own. */
function imageOutputs(result: ImageResult): Texts {
  const { root, platforms } = result;
  const [first] = platforms;
  return {
    digest: root.digest,
    imageid: first !== undefined && platforms.length === 1 ? first.configDigest : '',
    image: nameOf(result),
    descriptor: JSON.stringify(descriptorOf(result)),
    metadata: JSON.stringify(metadataOf(result)),
    size: String(sizeOfAll(result)),
    layers: String(platforms.reduce((sum, { layers }) => sum + layers.length, 0)),
    'layers-digest': layersDigestOf(result),
    layout: result.layout ?? '',
  };
}

/** Most packages that are listed per layer, the largest first. */
const mostPackages = 100;

/** One layer in the output `metadata`: sizes of packages are bytes of their NARs. */
export function layerJson(layer: LayerResult): object {
  const { descriptor, diffId, state } = layer;
  return { ...descriptor, diffId, state, packages: packagesBySize([layer]).slice(0, mostPackages) };
}

/** One image in the output `images`. */
export function summaryOf(result: ImageResult): object {
  const { name, root, platforms, uploadedBytes } = result;
  return {
    ...(name === undefined ? {} : { name }),
    digest: root.digest,
    image: nameOf(result),
    tags: tagsOf(result),
    size: sizeOfAll(result),
    'uploaded-bytes': uploadedBytes,
    'layers-digest': layersDigestOf(result),
    ...(result.layout === undefined ? {} : { layout: result.layout }),
    platforms: platforms.map(({ platform, manifest, configDigest }) => ({
      platform,
      digest: manifest.digest,
      imageid: configDigest,
    })),
  };
}

/** `ghcr.io/acme/app@sha256:…`; empty if there is no repository. */
function nameOf({ repositories: [first], root }: ImageResult): string {
  return first === undefined ? '' : `${formatRepository(first)}@${root.digest}`;
}

function tagsOf({ pushed, references }: ImageResult): string[] {
  return pushed ? references.map(formatReference) : [];
}

function sizeOfAll({ platforms }: ImageResult): number {
  return platforms.reduce((sum, one) => sum + sizeOf(one), 0);
}

function layersDigestOf({ platforms }: ImageResult): string {
  const digests = ({ layers }: ImageResult['platforms'][number]) => layers.map(({ descriptor }) => descriptor.digest);
  return layersDigest(platforms.map(one => ({ platform: one.platform, layers: digests(one) })));
}

/** The descriptor as an index would list it, with platform and full name; `sources` of `mode: index` accepts it. */
function descriptorOf(result: ImageResult): object {
  const { root, platforms } = result;
  const [first] = platforms;
  const name = nameOf(result);
  return {
    mediaType: root.mediaType,
    digest: root.digest,
    size: root.size,
    ...(first === undefined || platforms.length > 1
      ? {}
      : { platform: parsePlatform(first.platform, 'the platform of the image') }),
    ...(name === '' ? {} : { annotations: { 'io.containerd.image.name': name } }),
  };
}

function metadataOf(result: ImageResult): object {
  const { root, platforms, references } = result;
  const [first] = platforms;
  const names = references.map(formatReference);
  return {
    'containerimage.descriptor': root,
    'containerimage.digest': root.digest,
    ...(names.length === 0 ? {} : { 'image.name': names.join(',') }),
    ...(first === undefined || platforms.length > 1
      ? { 'nix-image.platforms': platforms.map(({ platform, manifest }) => ({ platform, ...manifest })) }
      : {
          'containerimage.config.digest': first.configDigest,
          'nix-image.platform': first.platform,
          'nix-image.labels': first.labels,
          'nix-image.layers': first.layers.map(layerJson),
        }),
  };
}
