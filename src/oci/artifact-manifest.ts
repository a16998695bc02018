import { type Blob, type Descriptor, mediaTypes } from './blob.ts';
import { blobOf, manifestBlobOf, sortedAnnotations } from './manifest.ts';

/** The config of an artifact that has none. OCI image-spec, "Guidance for an Empty Descriptor". */
export const emptyConfig: Blob = blobOf('{}', 'application/vnd.oci.empty.v1+json');

/** A document about a manifest, to be stored beside it. */
export interface Artifact {
  /** Its media type is the type of the artifact too. */
  readonly content: Blob;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The manifest of an artifact with one layer that refers to its subject. OCI image-spec, "Guidelines for Artifact
 * Usage".
 */
export function artifactManifest(subject: Descriptor, { content, annotations }: Artifact): Blob {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: content.descriptor.mediaType,
    config: emptyConfig.descriptor,
    layers: [content.descriptor],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...sortedAnnotations(annotations),
  };
  return manifestBlobOf(json);
}
