import type { Labels } from '../oci/config.ts';
import type { NamedImage } from '../oci/image.ts';
import type { Metadata } from './compute-metadata.ts';
import { baseLabels, type PackageMeta, packageLabels } from './derive-labels.ts';
import { annotationsOf, withoutKeys } from './labels.ts';

/** The image that labels are computed for. */
export interface LabelTarget {
  /** Undefined if the image is not a package's. */
  readonly meta: PackageMeta | undefined;
  readonly base: NamedImage | undefined;
  /** `os/architecture[/variant]` */
  readonly platform: string;
}

/** Labels and annotations of one image. */
export interface ImageLabels {
  /** Labels of this run, without those that the image has from its build. */
  readonly labels: Labels;
  /** The labels that go into the config. */
  readonly config: Labels;
  /** Annotations of the manifest. */
  readonly manifest: Labels;
}

/**
 * Label precedence, lowest first: the package, its base, then `metadata` (workflow, metadata-action, `labels`).
 * Annotations have priority over labels. `annotate` lists where labels go.
 */
export function imageLabels(
  { meta, base, platform }: LabelTarget,
  metadata: Metadata,
  annotate: readonly string[],
): ImageLabels {
  const ofPackage = meta === undefined ? {} : packageLabels(meta);
  const labels = withoutKeys({ ...ofPackage, ...baseLabels(base), ...metadata.labels }, metadata.deleted);
  const at = (target: string) => (annotate.includes(target) ? labels : {});
  const annotations = annotationsOf(metadata.annotations, 'manifest', platform);
  return { labels, config: at('config'), manifest: { ...at('manifest'), ...annotations } };
}
