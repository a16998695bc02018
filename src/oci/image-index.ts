import { Failure } from '../lib/failure.ts';
import { type Blob, type Descriptor, mediaTypes } from './blob.ts';
import { manifestBlobOf, sortedAnnotations } from './manifest.ts';
import { isSamePlatform, parsePlatform } from './platform.ts';

/** A manifest that an index lists, and the platform of its config, `os/architecture[/variant]`. */
export interface IndexEntry {
  readonly descriptor: Descriptor;
  readonly platform: string;
}

/**
 * The one serialised form of an index: entries by platform, annotations by name. A Failure if two entries have the same
 * platform, or one has none. OCI image-spec, image-index.md.
 */
export function indexBlob(entries: readonly IndexEntry[], annotations: Readonly<Record<string, string>>): Blob {
  const sorted = entries.toSorted((a, b) => (a.platform < b.platform ? -1 : 1));
  sorted.forEach(({ platform, descriptor }, i) => {
    const before = sorted.slice(0, i).find(earlier => isSamePlatform(earlier.platform, platform));
    if (before === undefined) return;
    throw new Failure(
      `Cannot create an index: ${before.descriptor.digest} and ${descriptor.digest} are both for ${platform}. Keep one of them.`,
    );
  });
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: sorted.map(({ descriptor: { mediaType, digest, size }, platform }) => ({
      mediaType,
      digest,
      size,
      platform: parsePlatform(platform, `the config of ${digest}`),
    })),
    ...sortedAnnotations(annotations),
  };
  return manifestBlobOf(json);
}
