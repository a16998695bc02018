import { Failure } from '../../lib/failure.ts';
import { largestJson, parseJsonObject } from '../../lib/parse-json.ts';
import { type Descriptor, mediaTypes } from '../../oci/blob.ts';
import { diffIdsOf, platformOf } from '../../oci/config.ts';
import type { Image } from '../../oci/image.ts';
import { isSamePlatform, normalizePlatform } from '../../oci/platform.ts';
import { type LayoutFiles, readBlob } from './layout-files.ts';
import { checkVersion, type LayoutImages, openLayer } from './open-oci-layout.ts';
import { parseDescriptor } from './parse-descriptor.ts';
import { readConfig, readManifest } from './read-manifest.ts';

/** More than the number of common platforms. */
const mostImages = 32;
/** OCI engines stack no more layers. */
const mostLayers = 127;

/**
 * The image, or the images of the one index, of an untrusted layout. The layout must look like ours: OCI's media types,
 * no nesting, nothing besides the images. Annotations are dropped, so that no claim is passed on. The bytes of the
 * layers remain to be checked, and are not read here.
 */
export async function openUntrustedLayout(files: LayoutFiles, platforms: readonly string[]): Promise<LayoutImages> {
  await checkVersion(files);
  const index = await files.read('index.json', largestJson);
  const roots = distinct(readList(index, `index.json of ${files.description}`));
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw new Failure(
      `Cannot use ${files.description}: it contains ${roots.length} images or indexes; exactly one is allowed.`,
    );
  }
  const isIndex = root.mediaType === mediaTypes.index;
  const manifests = isIndex ? await readIndex(files, root) : [root];
  const images: Image[] = [];
  for (const manifest of manifests) images.push(await openImage(files, manifest, platforms));
  expectPlatformsOnce(images, files);
  return { images, others: 0, ...(isIndex ? { index: { annotations: {} } } : {}) };
}

function expectPlatformsOnce(images: readonly Image[], { description }: LayoutFiles): void {
  const platforms = images.map(({ config }) => normalizePlatform(platformOf(config)));
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (twice !== undefined) throw new Failure(`Cannot use ${description}: it contains two images for ${twice}.`);
}

async function readIndex(files: LayoutFiles, root: Descriptor): Promise<Descriptor[]> {
  const description = `the index ${root.digest} of ${files.description}`;
  const manifests = distinct(readList(await readSmall(files, root, 'index'), description));
  if (manifests.length > 0 && manifests.length <= mostImages) return manifests;
  throw new Failure(`Cannot use ${description}: it lists ${manifests.length} images; 1 to ${mostImages} are allowed.`);
}

async function openImage(files: LayoutFiles, descriptor: Descriptor, platforms: readonly string[]): Promise<Image> {
  const description = `the image ${descriptor.digest} of ${files.description}`;
  const fail = (why: string) => new Failure(`Cannot use ${description}: ${why}.`);
  if (descriptor.mediaType !== mediaTypes.manifest)
    throw fail(`the index lists it with the media type ${descriptor.mediaType}`);
  checkSmall(descriptor, 'manifest', files);
  const manifest = await readManifest(files, descriptor);
  checkSmall(manifest.config, 'config', files);
  if (manifest.config.mediaType !== mediaTypes.config)
    throw fail(`its config has the media type ${manifest.config.mediaType}`);
  const { layers } = manifest;
  if (layers.length > mostLayers) throw fail(`it has ${layers.length} layers, more than the limit of ${mostLayers}`);
  const config = await readConfig(files, manifest);
  const platform = platformOf(config);
  if (!platforms.some(allowed => isSamePlatform(allowed, platform))) {
    throw fail(
      `it is for ${JSON.stringify(platform)}; allowed: ${platforms.join(', ')}. Set the input platform to the platforms that may be pushed`,
    );
  }
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== layers.length)
    throw fail(`it lists ${layers.length} layers, but its config lists ${diffIds.length} diff_ids`);
  return { config, layers: layers.map((layer, i) => openLayer(files, layer, diffIds[i])) };
}

function readList(bytes: Buffer, description: string): Descriptor[] {
  const { manifests } = parseJsonObject(bytes, description);
  if (!Array.isArray(manifests)) throw new Failure(`Cannot read ${description}: its "manifests" is not a list.`);
  return manifests.map((item, i) => parseDescriptor(item, `"manifests[${i}]" of ${description}`));
}

/** A layout lists its content once per tag. */
function distinct(descriptors: readonly Descriptor[]): Descriptor[] {
  return [...new Map(descriptors.map(descriptor => [descriptor.digest, descriptor])).values()];
}

async function readSmall(files: LayoutFiles, descriptor: Descriptor, role: string): Promise<Buffer> {
  checkSmall(descriptor, role, files);
  return readBlob(files, descriptor, role);
}

function checkSmall({ digest, size }: Descriptor, role: string, { description }: LayoutFiles): void {
  if (size <= largestJson) return;
  throw new Failure(
    `Cannot use ${description}: its ${role} ${digest} has ${size} bytes, more than the limit of ${largestJson}.`,
  );
}
