import { Failure } from '../../lib/failure.ts';
import { largestJson, parseJsonObject } from '../../lib/parse-json.ts';
import type { Descriptor } from '../../oci/blob.ts';
import { diffIdsOf, type ImageConfig, platformOf } from '../../oci/config.ts';
import type { Digest } from '../../oci/digest.ts';
import { type Image, type Layer, layerEncoding } from '../../oci/image.ts';
import { normalizePlatform } from '../../oci/platform.ts';
import { chooseEntries, chooseEntry, type LayoutChoice } from './choose-entry.ts';
import { findBlob, type LayoutFiles } from './layout-files.ts';
import type { Entry } from './read-index.ts';
import { readConfig, readManifest } from './read-manifest.ts';

/**
 * An image of an OCI image layout, OCI image-spec image-layout.md. Checks the digests of indexes, manifest and config
 * here; those of layers are checked while they are packed.
 */
export async function openOciLayout(files: LayoutFiles, choice: LayoutChoice = {}): Promise<Image> {
  await checkVersion(files);
  return openEntry(files, await chooseEntry(files, choice));
}

/** The content of a name in a layout: an image, or an index of several. */
export interface LayoutImages {
  readonly index?: { readonly annotations: Readonly<Record<string, string>> } | undefined;
  readonly images: readonly Image[];
  /** How many attestations the index lists besides its images. */
  readonly others: number;
}

/** All images of an OCI image layout; with `platform` only the one for it, as in `openOciLayout`. */
export async function openLayoutImages(files: LayoutFiles, choice: LayoutChoice): Promise<LayoutImages> {
  await checkVersion(files);
  const entries = await chooseEntries(files, choice);
  const images = await Promise.all(entries.map(entry => openEntry(files, entry)));
  const index = entries[0]?.index;
  return { index, images, others: index?.attestations ?? 0 };
}

/** Opens the image of an entry and checks that it is for the platform that the index states. */
async function openEntry(files: LayoutFiles, entry: Entry): Promise<Image> {
  const manifest = await readManifest(files, entry.descriptor);
  const config = await readConfig(files, manifest);
  checkPlatform(entry, config, files.description);
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== manifest.layers.length) {
    throw new Failure(
      `Cannot read ${files.description}: its manifest lists ${manifest.layers.length} layers, but the config lists ${diffIds.length || 'no'} diff_ids.`,
    );
  }
  const layers = manifest.layers.map((descriptor, i) => openLayer(files, descriptor, diffIds[i]));
  return { config, layers, annotations: manifest.annotations };
}

/** Checks that the files are an OCI image layout. */
export async function checkVersion(files: LayoutFiles): Promise<void> {
  if (!files.has('oci-layout')) {
    throw new Failure(
      `Cannot read ${files.description}: it has no file "oci-layout", so it is not an OCI image layout.`,
    );
  }
  const description = `oci-layout of ${files.description}`;
  const { imageLayoutVersion: version } = parseJsonObject(await files.read('oci-layout', largestJson), description);
  if (version === '1.0.0') return;
  throw new Failure(
    `Cannot read ${description}: its imageLayoutVersion is ${JSON.stringify(version)}; only "1.0.0" is supported.`,
  );
}

/** If the index lists an image for another platform than its config states, the wrong machine would pull it. */
function checkPlatform({ platform, descriptor }: Entry, config: ImageConfig, description: string): void {
  const machineOf = (text: string) => normalizePlatform(text).split('/', 2).join('/');
  const found = platformOf(config);
  if (platform === undefined || machineOf(platform) === machineOf(found)) return;
  throw new Failure(
    `Cannot use ${description}: its index lists ${descriptor.digest} for ${platform}, but its config is for ${found}.`,
  );
}

/** Opens a layer of the layout; a Failure if its blob is missing, has another size or has an unsupported media type. */
export function openLayer(files: LayoutFiles, descriptor: Descriptor, diffId: Digest | undefined): Layer {
  const { mediaType, digest, size } = descriptor;
  const description = `the layer ${digest} of ${files.description}`;
  const encoding = layerEncoding(descriptor, diffId);
  if (encoding === undefined) {
    const isForeign = /\.(?:foreign|nondistributable)\./.test(mediaType);
    const why = isForeign ? 'its content is not part of the image' : 'its media type is not supported';
    throw new Failure(`Cannot use ${description}: ${why} (${mediaType}).`);
  }
  if (encoding === 'tar' && digest !== diffId) {
    throw new Failure(`Cannot use ${description}: it is not compressed, but its diffID in the config is ${diffId}.`);
  }
  const name = findBlob(files, descriptor, 'layer');
  return { diffId, encoding, descriptor, description, size, open: use => files.open(name, use) };
}
