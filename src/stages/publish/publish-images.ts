import { mostFileBytes } from '../../check/layer-files.ts';
import { formatSize } from '../../lib/format-size.ts';
import { inBackground, settleAll } from '../../lib/pool.ts';
import { annotationsOf, withoutKeys } from '../../metadata/labels.ts';
import type { Blob } from '../../oci/blob.ts';
import { checkImage } from '../../oci/check-image.ts';
import { platformOf } from '../../oci/config.ts';
import type { Digest } from '../../oci/digest.ts';
import type { Layer } from '../../oci/image.ts';
import { indexBlob } from '../../oci/image-index.ts';
import type { KnownContent } from '../../oci/known-blob.ts';
import type { Repository } from '../../oci/reference.ts';
import { createPacker, type PackedImage, type Packer, packImage } from '../../pack/pack-image.ts';
import type { Tag } from '../../registry/push/move-tags.ts';
import { nameLayer } from '../../report/name-layer.ts';
import type { ImageResult, LayerState, PlatformResult } from '../../report/result.ts';
import { savingText } from '../../report/saving-text.ts';
import type { Log, Runtime } from '../../runtime.ts';
import type { LabelledImage } from '../open/label-image.ts';
import { comparePackedAgain } from '../rebuild/pack-again.ts';
import { writeSboms } from '../sbom/write-sboms.ts';
import { showReading } from '../show-reading.ts';
import { attestImages } from './attest-images.ts';
import { checkConfigs, checkPacked, warnOfFindings } from './check-images.ts';
import { compareWithStable, storePathsOf } from './compare-with-stable.ts';
import type { Pushed, ReadyImage } from './publication.ts';
import { platformResultOf, resultOf, stateOf } from './push-result.ts';
import { readPrevious } from './read-previous.ts';
import { retryWithoutReuse } from './retry-without-reuse.ts';
import { tagImages } from './tag-images.ts';
import { isWrittenLocally, writeLocally } from './write-locally.ts';

/** State that the images of one push share. */
interface PushRun {
  readonly runtime: Runtime;
  readonly packer: Packer;
  /** Repository of each layer that this run pushed. */
  readonly repositoryOf: Map<Digest, Repository>;
  /** Whether blobs are needed after their upload: by another image, or to write the image to this machine. */
  readonly keepsBlobs: boolean;
  /** The tag to push the manifest under directly, which saves a request. */
  readonly onlyTag: Tag | undefined;
}

/** A publication with its packed images. */
interface PackedAndPushed extends Pushed {
  readonly images: readonly PackedImage[];
}

/** Packs and pushes the images; when all are pushed, writes them to this machine if wanted, and moves all tags. */
export async function publishImages(images: readonly ReadyImage[], runtime: Runtime): Promise<ImageResult[]> {
  let isWritten = false;
  return retryWithoutReuse(runtime, isRetry =>
    publishOnce(isRetry ? images.map(withoutReuse) : images, runtime, async pushed => {
      if (!isWritten) {
        warnOfFindings(
          pushed.map(({ result }) => result),
          runtime,
        );
        for (const [i, one] of pushed.entries()) await writeLocally(one, images[i] as ReadyImage, runtime);
      }
      isWritten = true;
    }),
  );
}

/** Like `publishImages`, for images whose layers are only in registries. */
export function publishKnown(images: readonly ReadyImage[], runtime: Runtime): Promise<ImageResult[]> {
  return publishOnce(images, runtime, async pushed =>
    warnOfFindings(
      pushed.map(({ result }) => result),
      runtime,
    ),
  );
}

async function publishOnce(
  images: readonly ReadyImage[],
  runtime: Runtime,
  write: (pushed: readonly PackedAndPushed[]) => Promise<void>,
): Promise<ImageResult[]> {
  for (const { image } of images.flatMap(({ platforms }) => platforms)) checkImage(image);
  checkConfigs(images, runtime);
  const isChecked = images.some(({ inputs }) => inputs.check !== 'off');
  const packer = createPacker(runtime.temporary, isChecked ? { left: mostFileBytes } : undefined);
  const keepsBlobs = images.flatMap(({ platforms }) => platforms).length > 1 || images.some(isWrittenLocally);
  const run: PushRun = { runtime, packer, repositoryOf: new Map(), keepsBlobs, onlyTag: onlyTagOf(images) };
  const pushed: PackedAndPushed[] = [];
  for (const image of images) pushed.push(await packAndPush(image, run));
  for (const [i, image] of images.entries()) await comparePackedAgain(image, pushed[i]?.images ?? [], runtime);
  await write(pushed);
  return tagImages(images, await attestImages(images, pushed, runtime), runtime);
}

/**
 * Several tags move only after all manifests are pushed, and any tag after attestations and comparisons; a tag that
 * `if-exists` protects must be checked first.
 */
function onlyTagOf(images: readonly ReadyImage[]): Tag | undefined {
  const [tag, ...others] = images.flatMap(({ destination }) => destination.tags);
  const hasMore = images.some(
    ({ signer, inputs, platforms }) =>
      signer !== undefined ||
      inputs.sbom.formats.length > 0 ||
      inputs.checkReproducible ||
      platforms.some(({ carried = [] }) => carried.length > 0),
  );
  return others.length === 0 && !hasMore && images[0]?.inputs.ifExists === 'overwrite' ? tag : undefined;
}

function withoutReuse(image: ReadyImage): ReadyImage {
  return { ...image, inputs: { ...image.inputs, reuse: 'off' } };
}

/**
 * Pushes manifests by digest, an index after all that it lists; the last one goes directly under its tag if there is
 * only one tag.
 */
async function packAndPush(image: ReadyImage, run: PushRun): Promise<PackedAndPushed> {
  const { inputs, destination } = image;
  const known = inputs.reuse === 'off' ? undefined : await destination.readKnown();
  const packed: { image: PackedImage; result: PlatformResult }[] = [];
  for (const one of image.platforms) packed.push(await packPlatform(one, { ...image, known }, run));
  const platforms = packed.map(one => one.result);
  const readingPrevious = inBackground(readPrevious(known, platforms, run.runtime.log));
  const images = packed.map(one => one.image);
  const findings = images.flatMap((one, i) =>
    checkPacked(image.platforms[i] as LabelledImage, one, { inputs, runtime: run.runtime }),
  );
  const root = rootOf(images, image);
  const listed = images.map(({ manifest }) => manifest).filter(manifest => manifest !== root);
  await settleAll(listed.map(destination.putManifest));
  if (run.onlyTag === undefined || !destination.tags.includes(run.onlyTag)) {
    await destination.putManifest(root);
  }
  const sboms = await writeSboms(image, images, run.runtime);
  const carried = sayCarried(image, root, run.runtime);
  const result = { ...resultOf(image, root, platforms), findings, carried, previous: await readingPrevious };
  return { root, images, sboms, result };
}

/**
 * Says what of the promoted image is carried over; nothing if the digest did not change, where all of it still applies.
 */
function sayCarried({ promoted }: ReadyImage, root: Blob, { log }: Runtime): ImageResult['carried'] {
  if (promoted === undefined || promoted.image.digest === root.descriptor.digest) return undefined;
  const { over, left } = promoted.carried;
  for (const line of over) log.info(`Carried over from ${promoted.image.digest}: ${line}`);
  for (const line of left) log.notice(`Not carried over from ${promoted.image.digest}: ${line}`);
  return { over, left };
}

/** Uploads each layer as soon as it is packed, and the config as soon as all are. */
async function packPlatform(
  labelled: LabelledImage,
  { inputs, destination, known, confirmed }: ReadyImage & { readonly known: KnownContent | undefined },
  { runtime: { log }, packer, repositoryOf, keepsBlobs }: PushRun,
): Promise<{ image: PackedImage; result: PlatformResult }> {
  const { image, annotations } = labelled;
  const states = new Map<string, LayerState>();
  const comparing = inBackground(compareWithStable(labelled, known, log));
  const packed = await packImage(
    { ...image, layers: image.layers.map(layer => showMaking(layer, log)) },
    {
      packer,
      annotations,
      compression: inputs.compression,
      reuse: inputs.reuse,
      known: known?.layers ?? new Map(),
      confirmed,
      onFalseClaim: log.warning,
      async onLayer({ descriptor, open, release, known: from, contents }) {
        const { digest, size } = descriptor;
        const name = nameLayer({ descriptor, contents });
        const shown = { descriptor, open: showReading(open, { name: `sending ${name}`, size, log }) };
        const state = stateOf(await destination.upload(shown, from?.repository ?? repositoryOf.get(digest)), inputs);
        if (!keepsBlobs) release();
        const [repository] = destination.repositories;
        if (repository !== undefined && !inputs.dryRun) repositoryOf.set(digest, repository);
        states.set(digest, state);
        log.info(`${name}  ${formatSize(size)}  ${state}`);
      },
      async onConfig(config) {
        // A config that no known image has is almost certainly new: no need to ask.
        await destination.upload(config, known && (known.configs.get(config.descriptor.digest)?.place ?? 'new'));
      },
    },
  );
  const layers = packed.layers.map(({ descriptor, diffId, isCertain, contents }) => ({
    descriptor,
    diffId,
    isCertain,
    contents,
    state: states.get(descriptor.digest) ?? ('not pushed' as const),
  }));
  const sent = image.layers.filter((_, i) => layers[i]?.state === 'uploaded').map(storePathsOf);
  const saving = (await comparing)?.(sent);
  if (saving !== undefined) log.notice(savingText(saving));
  return { image: packed, result: { ...platformResultOf(packed), layers, saving } };
}

/** The layer, which the log shows while it is read. */
function showMaking(layer: Layer, log: Log): Layer {
  const { contents, diffId } = layer;
  const name =
    contents === undefined ? 'a layer' : nameLayer({ contents, descriptor: { digest: diffId ?? 'sha256:' } });
  return { ...layer, open: showReading(layer.open, { name: `making ${name}`, size: layer.size, log }) };
}

/** The manifest of a single platform, else an index, with the labels as annotations if `annotate` says so. */
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

/** Labels that are the same for all platforms. */
function commonOf([first, ...others]: readonly LabelledImage[]): Readonly<Record<string, string>> {
  const common = Object.entries(first?.labels ?? {}).filter(([key, value]) =>
    others.every(({ labels }) => labels[key] === value),
  );
  return Object.fromEntries(common);
}
