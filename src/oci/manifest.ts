import { Failure } from '../lib/failure.ts';
import { largestJson } from '../lib/parse-json.ts';
import type { Blob, Descriptor } from './blob.ts';
import { mediaTypes } from './blob.ts';
import { digestOf } from './digest.ts';

export interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** The one serialised form of an OCI manifest: fixed key order, annotations by name. OCI image-spec, manifest.md. */
export function manifestBlob({ config, layers, annotations }: Manifest): Blob {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers,
    ...sortedAnnotations(annotations),
  };
  return manifestBlobOf(json);
}

/**
 * A manifest or an index as a blob. A Failure if it is larger than registries accept. OCI distribution-spec, "Pushing
 * Manifests".
 */
export function manifestBlobOf(json: { readonly mediaType: string } & Partial<Manifest>): Blob {
  const blob = blobOf(JSON.stringify(json), json.mediaType);
  const { size } = blob.descriptor;
  if (size <= largestJson) return blob;
  const annotations = JSON.stringify(json.annotations ?? {}).length;
  throw new Failure(
    `Cannot publish a manifest of ${size} bytes: registries and engines accept ${largestJson}. Its annotations have ${annotations} bytes, and its list of layers or images the rest. Shorten the longer one.`,
  );
}

/** The field `annotations` of a manifest or an index, sorted by name; nothing if there are none. */
export function sortedAnnotations(annotations: Readonly<Record<string, string>>): {
  readonly annotations?: Readonly<Record<string, string>>;
} {
  const names = Object.keys(annotations).sort();
  if (names.length === 0) return {};
  return { annotations: Object.fromEntries(names.map(name => [name, annotations[name] ?? ''])) };
}

/** A blob of bytes in memory. */
export function blobOf(content: string | Uint8Array, mediaType: string): Blob {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    async *open() {
      yield bytes;
    },
  };
}
