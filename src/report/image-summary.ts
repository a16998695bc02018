import { isObject } from '../lib/json-object.ts';
import type { Descriptor } from '../oci/blob.ts';
import type { ImageConfig } from '../oci/config.ts';
import type { Digest } from '../oci/digest.ts';
import { parsePackageName, storeHash } from '../store-path.ts';

/** Summary of any image for one platform. Compressed sizes in bytes. */
export interface ImageSummary {
  readonly platform: string;
  readonly layers: readonly LayerSummary[];
  /** Versions by package; undefined if the image does not record its packages. */
  readonly packages: Packages | undefined;
}

interface LayerSummary {
  readonly digest: Digest;
  readonly size: number;
  /** Names of store paths, without their hash; empty if unknown. */
  readonly contents: readonly string[];
}

/** Sorted versions by package. A store path whose name has no version has the version ''. */
export type Packages = ReadonlyMap<string, readonly string[]>;

interface SummarizedImage {
  readonly config: ImageConfig;
  readonly platform: string;
  readonly layers: readonly { readonly descriptor: Descriptor }[];
}

/**
 * Sums up an image. What it is made of stands in the history of its config, where streamLayeredImage, and so
 * buildLayeredImage, and our own images of packages list the store paths of each layer.
 */
export function summarizeImage({ config, platform, layers }: SummarizedImage): ImageSummary {
  const contents = contentsOf(config);
  const isByLayer = contents.length === layers.length;
  const all = contents.flat();
  return {
    platform,
    layers: layers.map(({ descriptor: { digest, size } }, i) => ({
      digest,
      size,
      contents: isByLayer ? (contents[i] ?? []) : [],
    })),
    packages: all.length === 0 ? undefined : packagesOf(all),
  };
}

const storePath = new RegExp(`/${storeHash}-([0-9A-Za-z+._?=-]{1,211})`, 'g');

/** For each entry of the history that is a layer the names of the store paths in its comment. OCI image-spec, config.md. */
function contentsOf({ json }: ImageConfig): string[][] {
  const history = Array.isArray(json.history) ? json.history.filter(isObject) : [];
  return history
    .filter(({ empty_layer: isEmpty }) => isEmpty !== true)
    .map(({ comment }) => {
      const paths = typeof comment === 'string' && comment.startsWith('store paths: ') ? comment : '';
      return [...paths.matchAll(storePath)].map(([, name = '']) => name);
    });
}

function packagesOf(names: readonly string[]): Packages {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of names.map(parsePackageName)) {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return new Map([...versions].sort(byName).map(([name, found]) => [name, [...found].sort()]));
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
