import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { annotationsOf } from '../../metadata/labels.ts';
import type { Blob } from '../../oci/blob.ts';
import { checkImage } from '../../oci/check-image.ts';
import { diffIdsOf } from '../../oci/config.ts';
import { indexBlob } from '../../oci/image-index.ts';
import { contentsInHistory } from '../../oci/layer-contents.ts';
import { isSamePlatform } from '../../oci/platform.ts';
import { formatRepository } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import { readStored, type StoredImage } from '../../registry/read/stored-image.ts';
import type { ImageResult, PlatformResult } from '../../report/result.ts';
import type { StageContext } from '../stage-context.ts';
import { attestImages } from './attest-images.ts';
import type { Publication, Pushed } from './publication.ts';
import { platformResultOf, resultOf, stateOf } from './push-result.ts';
import { retryWithoutReuse } from './retry-without-reuse.ts';
import { tagImages } from './tag-images.ts';

/** Joins the source images into an index and tags it. The images stay byte-identical. */
export async function joinImages(publications: readonly Publication[], context: StageContext): Promise<ImageResult[]> {
  const { runtime } = context;
  const sources: (readonly StoredImage[])[] = [];
  for (const publication of publications) sources.push(await openSourceImages(publication, context));
  return retryWithoutReuse(runtime, async () => {
    const joined: Pushed[] = [];
    for (const [i, publication] of publications.entries()) joined.push(await joinOne(publication, sources[i] ?? []));
    return tagImages(publications, await attestImages(publications, joined, runtime), runtime);
  });
}

async function joinOne(publication: Publication, images: readonly StoredImage[]): Promise<Pushed> {
  const { inputs, metadata, destination } = publication;
  const root = indexBlob(
    images.map(({ manifest, platform }) => ({ descriptor: manifest.descriptor, platform })),
    {
      ...(inputs.annotate.includes('index') ? metadata.labels : {}),
      ...annotationsOf(metadata.annotations, 'index', undefined),
    },
  );
  const platforms: PlatformResult[] = [];
  for (const image of images) platforms.push(await copyImage(image, publication));
  await destination.putManifest(root);
  return { root, result: resultOf(publication, root, platforms) };
}

/** Opens all images that the sources name, without duplicates. */
async function openSourceImages(
  { inputs, sources, destination }: Publication,
  { runtime, access }: StageContext,
): Promise<StoredImage[]> {
  const [home] = destination.repositories;
  const found = new Map<string, StoredImage>();
  for (const { repository = home, name } of sources) {
    if (repository === undefined) {
      throw new Failure(`Cannot find ${name}: it has no repository, and neither has tags. Give NAME@DIGEST.`);
    }
    const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
    for (const image of (await readStored(client, name)).images) {
      runtime.log.info(`${image.platform}: ${formatRepository(repository)}@${image.manifest.descriptor.digest}`);
      found.set(image.manifest.descriptor.digest, image);
    }
  }
  const images = [...found.values()];
  expectPlatforms(images, inputs);
  for (const image of images) checkImage(image);
  return images;
}

/** The sources must be for exactly the platforms that `platform` lists. */
function expectPlatforms(images: readonly StoredImage[], { platforms: wanted }: Inputs): void {
  const without = images.find(image => !image.platform.includes('/'));
  if (without !== undefined) {
    throw new Failure(
      `Cannot create an index: the config of ${without.manifest.descriptor.digest} names no platform ("${without.platform}").`,
    );
  }
  if (wanted.length === 0) return;
  const there = images.map(image => image.platform);
  const isAmong = (platforms: readonly string[], one: string) => platforms.some(other => isSamePlatform(other, one));
  const missing = wanted.filter(one => !isAmong(there, one));
  const foreign = there.filter(one => !isAmong(wanted, one));
  if (missing.length + foreign.length === 0) return;
  throw new Failure(
    `Cannot make an index for ${wanted.join(', ')}: the sources are for ${there.join(', ')}. Check sources, or platform.`,
  );
}

/** Copies an image with its config and layers to every repository that lacks it. */
async function copyImage(image: StoredImage, { inputs, destination }: Publication): Promise<PlatformResult> {
  const { manifest, configBlob, config, layers, repository } = image;
  const send = (blob: Blob) => destination.upload(blob, repository);
  const diffIds = diffIdsOf(config) ?? [];
  const contents = contentsInHistory(config, layers.length);
  const results: PlatformResult['layers'][number][] = [];
  for (const [i, layer] of layers.entries()) {
    const { descriptor } = layer;
    const state = stateOf(await send(layer), inputs);
    results.push({ descriptor, diffId: diffIds[i] ?? descriptor.digest, state, contents: contents[i] });
  }
  await send(configBlob);
  await destination.putManifest(manifest);
  return { ...platformResultOf(image), layers: results };
}
