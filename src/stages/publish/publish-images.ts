import type { Inputs } from '../../inputs/inputs.ts';
import { messageOf } from '../../lib/failure.ts';
import { settleAll } from '../../lib/pool.ts';
import { loadIntoEngine } from '../../local/load-engine.ts';
import { type Output, writeOutput } from '../../local/write-output.ts';
import type { Metadata } from '../../metadata/compute-metadata.ts';
import { annotationsOf, withoutKeys } from '../../metadata/labels.ts';
import type { Blob } from '../../oci/blob.ts';
import { checkImage } from '../../oci/check-image.ts';
import { createdOf, labelsOf, platformOf } from '../../oci/config.ts';
import type { Digest } from '../../oci/digest.ts';
import { indexBlob } from '../../oci/image-index.ts';
import type { KnownContent } from '../../oci/known-blob.ts';
import { formatReference, type Repository } from '../../oci/reference.ts';
import { createPacker, type PackedImage, type Packer, packImage } from '../../pack/pack-image.ts';
import { isUnknownContent } from '../../registry/access/registry-error.ts';
import type { Uploaded } from '../../registry/content/blobs.ts';
import type { Destination } from '../../registry/push/destination.ts';
import { moveTags, type Tag } from '../../registry/push/move-tags.ts';
import { formatSize } from '../../report/format-size.ts';
import type { ImageResult, LayerState, PlatformResult } from '../../report/result.ts';
import type { Runtime } from '../../runtime.ts';
import type { LabelledImage } from '../open/label-image.ts';
import type { Source } from '../open/read-sources.ts';

/** An image that is to be known by its references: what it is to say, and where it goes. */
export interface Publication {
  readonly inputs: Inputs;
  readonly metadata: Metadata;
  /** What an index is made of. */
  readonly sources: readonly Source[];
  readonly destination: Destination;
  /** Where it is written for another job, which may push. */
  readonly layout?: Output;
}

/** A publication and its image, for each platform. */
export interface ReadyImage extends Publication {
  readonly platforms: readonly LabelledImage[];
  /** What the store cache says of layers, as `claimsOf` has it. */
  readonly confirmed?: ReadonlySet<string> | undefined;
  /** What was an index becomes one again, however many platforms it has; what that said stays, where nothing else is. */
  readonly index?: { readonly annotations: Readonly<Record<string, string>> } | undefined;
}

/** What images of one run have in common. */
interface PushRun {
  readonly runtime: Runtime;
  readonly packer: Packer;
  /** Where layers are that this run has pushed. */
  readonly places: Map<Digest, Repository>;
  /** Whether blobs are wanted when they are where they go to: for a further image, or on this machine. */
  readonly keepsBlobs: boolean;
  /** The tag that its manifest is put by, in one request. */
  readonly onlyTag: Tag | undefined;
}

/** An image that is pushed but for its tags. */
export interface Pushed {
  readonly root: Blob;
  readonly result: ImageResult;
}

/** One that was packed here. */
interface PackedAndPushed extends Pushed {
  readonly images: readonly PackedImage[];
}

/** Packs and pushes the images; when all are there, they are kept here where that is wanted, and all tags are moved. */
export async function publishImages(images: readonly ReadyImage[], runtime: Runtime): Promise<ImageResult[]> {
  for (const { image } of images.flatMap(({ platforms }) => platforms)) checkImage(image);
  let isKept = false;
  return retryWithoutReuse(runtime, async isRetry => {
    const packer = createPacker(runtime.temporary);
    const keepsBlobs = images.flatMap(({ platforms }) => platforms).length > 1 || images.some(isWrittenLocally);
    const run: PushRun = { runtime, packer, places: new Map(), keepsBlobs, onlyTag: onlyTagOf(images) };
    const pushed: PackedAndPushed[] = [];
    for (const image of images) pushed.push(await packAndPush(isRetry ? withoutReuse(image) : image, run));
    if (!isKept) for (const [i, one] of pushed.entries()) await writeLocally(one, images[i] as ReadyImage, runtime);
    isKept = true;
    return tagImages(images, pushed, runtime);
  });
}

/** Of several tags none is moved before the registries have all manifests, and one that may not be moved names another. */
function onlyTagOf(images: readonly ReadyImage[]): Tag | undefined {
  const [tag, ...others] = images.flatMap(({ destination }) => destination.tags);
  return others.length === 0 && images[0]?.inputs.ifExists === 'overwrite' ? tag : undefined;
}

/** Where a registry has lost what it was taken to have, or has just been sent, all is sent once more, believing nothing. */
export async function retryWithoutReuse<T>({ log }: Runtime, push: (isRetry: boolean) => Promise<T>): Promise<T> {
  try {
    return await push(false);
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    log.warning(`${messageOf(error)} The registry lost content that it listed; uploading everything again.`);
    return push(true);
  }
}

function withoutReuse(image: ReadyImage): ReadyImage {
  return { ...image, inputs: { ...image.inputs, reuse: 'off' } };
}

/** Lets the tags of all images name them, all tags or none. */
export async function tagImages(
  images: readonly Publication[],
  pushed: readonly Pushed[],
  runtime: Runtime,
): Promise<ImageResult[]> {
  const moves = images.flatMap(({ destination }, i) =>
    destination.tags.map(tag => ({ ...tag, manifest: (pushed[i] as Pushed).root })),
  );
  const ifExists = images[0]?.inputs.ifExists ?? 'overwrite';
  const { log, cancelled } = runtime;
  const named = await runtime.holdExit(moveTags(moves, { ifExists, log, cancelled }));
  const moved = new Set(named.map(formatReference));
  return pushed.map(({ result }) => ({
    ...result,
    references: result.pushed
      ? result.references.filter(reference => moved.has(formatReference(reference)))
      : result.references,
  }));
}

/** Manifests go by digest, an index after all that it lists; the last one by its tag, where that is the only one. */
async function packAndPush(image: ReadyImage, run: PushRun): Promise<PackedAndPushed> {
  const { inputs, destination } = image;
  const known = inputs.reuse === 'off' ? undefined : await destination.readKnown();
  const packed: { image: PackedImage; result: PlatformResult }[] = [];
  for (const one of image.platforms) packed.push(await packPlatform(one, { ...image, known }, run));
  const images = packed.map(one => one.image);
  const root = rootOf(images, image);
  const listed = images.map(({ manifest }) => manifest).filter(manifest => manifest !== root);
  await settleAll(listed.map(destination.putManifest));
  if (run.onlyTag === undefined || !destination.tags.includes(run.onlyTag)) {
    await destination.putManifest(root);
  }
  const platforms = packed.map(one => one.result);
  return { root, images, result: resultOf(image, root, platforms) };
}

/** What there is to tell of an image that is where it should be but for its tags. */
export function resultOf(
  { inputs, metadata, destination, layout }: Publication,
  root: Blob,
  platforms: readonly PlatformResult[],
): ImageResult {
  return {
    name: inputs.name,
    metadata,
    root: root.descriptor,
    platforms,
    repositories: destination.repositories,
    references: inputs.pushByDigest ? [] : metadata.references,
    pushed: inputs.push && !inputs.dryRun,
    uploadedBytes: destination.uploadedBytes(),
    layout: layout?.path,
  };
}

/** Sends each layer as soon as it is packed, and then the config. */
async function packPlatform(
  { image, annotations }: LabelledImage,
  { inputs, destination, known, confirmed }: ReadyImage & { readonly known: KnownContent | undefined },
  { runtime: { log }, packer, places, keepsBlobs }: PushRun,
): Promise<{ image: PackedImage; result: PlatformResult }> {
  const states = new Map<string, LayerState>();
  const packed = await packImage(image, {
    packer,
    annotations,
    compression: inputs.compression,
    reuse: inputs.reuse,
    known: known?.layers ?? new Map(),
    confirmed,
    onFalseClaim: log.warning,
    async onLayer({ descriptor, open, release, known: from }) {
      const { digest, size } = descriptor;
      const state = stateOf(await destination.upload({ descriptor, open }, from?.place ?? places.get(digest)), inputs);
      if (!keepsBlobs) release();
      const [place] = destination.repositories;
      if (place !== undefined && !inputs.dryRun) places.set(digest, place);
      states.set(digest, state);
      log.info(`${digest}  ${formatSize(size)}  ${state}`);
    },
  });
  // One that no image there has is hardly ever there.
  const configPlace = known && (known.configs.get(packed.configBlob.descriptor.digest) ?? 'new');
  await destination.upload(packed.configBlob, configPlace);
  const layers = packed.layers.map(({ descriptor, diffId, isCertain }) => ({
    descriptor,
    diffId,
    isCertain,
    state: states.get(descriptor.digest) ?? ('not pushed' as const),
  }));
  return { image: packed, result: { ...platformResultOf(packed), layers } };
}

/** The manifest itself where there is one platform, else an index, which says what the labels say. */
function rootOf(images: readonly PackedImage[], { inputs, metadata, platforms, index }: ReadyImage): Blob {
  const [only] = images;
  if (only !== undefined && images.length === 1 && index === undefined) return only.manifest;
  const entries = images.map(({ manifest, config }) => ({
    descriptor: manifest.descriptor,
    platform: platformOf(config),
  }));
  const before = withoutKeys(index?.annotations ?? {}, metadata.deleted);
  const labels = inputs.annotate.includes('index') ? commonOf(platforms) : {};
  return indexBlob(entries, { ...before, ...labels, ...annotationsOf(metadata.annotations, 'index', undefined) });
}

/** Labels that the images of all platforms have alike. */
function commonOf([first, ...others]: readonly LabelledImage[]): Readonly<Record<string, string>> {
  const common = Object.entries(first?.labels ?? {}).filter(([key, value]) =>
    others.every(({ labels }) => labels[key] === value),
  );
  return Object.fromEntries(common);
}

function isWrittenLocally({ inputs: { output, load }, layout }: Publication): boolean {
  return output !== undefined || layout !== undefined || load;
}

/** Writes and loads the image on this machine, where that was asked for. */
async function writeLocally(
  { root, images }: PackedAndPushed,
  { inputs, metadata, layout }: ReadyImage,
  { log, env, resolve }: Runtime,
): Promise<void> {
  if (inputs.dryRun) return;
  const image = { root, images, references: metadata.references };
  const output = inputs.output && { ...inputs.output, path: resolve(inputs.output.path) };
  const outputs = output?.path === layout?.path ? [output] : [output, layout];
  for (const one of outputs) {
    if (one === undefined) continue;
    await writeOutput(image, one);
    log.info(`Wrote ${one.kind}:${one.path}`);
  }
  if (inputs.load) log.info(`Loaded into ${await loadIntoEngine(image, env)}`);
}

/** What became of a layer over all repositories. */
export function stateOf(outcomes: readonly Uploaded[], { dryRun }: Inputs): LayerState {
  if (outcomes.length === 0) return 'not pushed';
  if (outcomes.includes('uploaded')) return dryRun ? 'would be uploaded' : 'uploaded';
  return outcomes.includes('mounted') ? 'mounted' : 'already there';
}

/** What there is to tell of an image for one platform, but for its layers. */
export function platformResultOf({
  manifest,
  configBlob,
  config,
}: Pick<PackedImage, 'manifest' | 'configBlob' | 'config'>): Omit<PlatformResult, 'layers'> {
  return {
    manifest: manifest.descriptor,
    configDigest: configBlob.descriptor.digest,
    platform: platformOf(config),
    created: createdOf(config),
    labels: labelsOf(config),
  };
}
