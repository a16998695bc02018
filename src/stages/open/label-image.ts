import type { Finding } from '../../check/apply-rules.ts';
import type { Split } from '../../image/layering/split-paths.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { Metadata } from '../../metadata/compute-metadata.ts';
import type { PackageMeta } from '../../metadata/derive-labels.ts';
import { imageLabels } from '../../metadata/image-labels.ts';
import { withoutKeys } from '../../metadata/labels.ts';
import { type Labels, labelsOf, platformOf, withChanges } from '../../oci/config.ts';
import { type Image, withContents } from '../../oci/image.ts';
import type { Runtime } from '../../runtime.ts';
import type { Inventory } from '../../sbom/inventory.ts';
import type { CarriedSbom } from '../sbom/read-carried.ts';

/** An image with its labels and annotations. */
export interface LabelledImage {
  readonly image: Image;
  /** Labels that this run sets; also in the config, if `annotate` says so. */
  readonly labels: Labels;
  /** Annotations of its manifest. */
  readonly annotations: Labels;
  /** What an earlier check of its layers found; undefined if there was none. */
  readonly findings?: readonly Finding[] | undefined;
  /**
   * How its store paths can be distributed over other layers; undefined if that is not known, or if they are stable.
   */
  readonly split?: Split | undefined;
  /** Finds out what is in it, for a bill of materials; undefined if none is wanted. */
  readonly readInventory?: (() => Promise<Inventory>) | undefined;
  /** Opens and labels it once more, to compare; undefined if that is not wanted. */
  readonly openAgain?: (() => Promise<LabelledImage>) | undefined;
  /** Bills of materials of the image before its labels changed. */
  readonly carried?: readonly CarriedSbom[] | undefined;
}

/** Adds labels and creation time to the config of an image; its layers do not change. */
export function labelImage(
  image: Image,
  metadata: Metadata,
  {
    inputs,
    meta,
    runtime,
  }: { readonly inputs: Inputs; readonly meta: PackageMeta | undefined; readonly runtime: Runtime },
): LabelledImage {
  const { created, deleted } = metadata;
  const target = { meta, base: image.base, platform: platformOf(image.config) };
  const { labels, config: ofConfig, manifest: annotations } = imageLabels(target, metadata, inputs.annotate);
  const config = withChanges(image.config, { labels: ofConfig, deleted, created });
  for (const [key, value] of Object.entries(labelsOf(config))) runtime.log.info(`${key}=${value}`);
  const print = inputs.dryRun ? runtime.log.info : runtime.log.debug;
  for (const [key, value] of Object.entries(annotations)) print(`manifest:${key}=${value}`);
  const before = withoutKeys(image.annotations ?? {}, deleted);
  return { image: { ...withContents(image), config, annotations: before }, labels, annotations };
}
