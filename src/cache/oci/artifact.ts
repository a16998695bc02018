import { Failure } from '../../lib/failure.ts';
import { isObject } from '../../lib/json-object.ts';
import { objectIn, parseJsonObject } from '../../lib/parse-json.ts';
import { isSignature, isSigned, signText } from '../../nar/nix-key.ts';
import { emptyConfig } from '../../oci/artifact-manifest.ts';
import { type Blob, type Descriptor, isDescriptor, mediaTypes } from '../../oci/blob.ts';
import { blobOf, manifestBlobOf } from '../../oci/manifest.ts';

/**
 * An entry of the store cache, with store paths or with a result, as an artifact in a registry. OCI image-spec,
 * "Guidelines for Artifact Usage".
 */
export interface Artifact {
  readonly artifactType: string;
  readonly tag: string;
  readonly layers: readonly [Descriptor, ...Descriptor[]];
  /** Time of the save, RFC 3339, if the tag does not have it. */
  readonly created?: string;
  /** `NAME:BASE64` */
  readonly signature?: string;
}

/**
 * Media types of an entry with store paths. Its layers are the list of paths, and the NARs of each group of
 * `groupByName`.
 */
export const entryTypes = {
  artifact: 'application/vnd.nix-image.store-entry.v1',
  index: 'application/vnd.nix-image.store-paths.v1+json+zstd',
  group: 'application/vnd.nix-image.nars.v1+zstd',
} as const;

const keys = {
  tag: 'org.nix-image.entry',
  created: 'org.opencontainers.image.created',
  signature: 'org.nix-image.signature',
} as const;

/** The OCI manifest of an artifact: the same entry always gives the same bytes. */
export function artifactBlob({ artifactType, tag, layers, created, signature }: Artifact): Blob {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: emptyConfig.descriptor,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    annotations: {
      [keys.tag]: tag,
      ...(created === undefined ? {} : { [keys.created]: created }),
      ...(signature === undefined ? {} : { [keys.signature]: signature }),
    },
  };
  return manifestBlobOf(json);
}

/**
 * Reads the manifest that a tag names. A Failure unless its bytes are exactly those of `artifactBlob` for this tag and
 * type.
 */
export function parseArtifact(bytes: Buffer, { artifactType, tag }: Pick<Artifact, 'artifactType' | 'tag'>): Artifact {
  const { layers, annotations } = parseJsonObject(bytes, 'its manifest');
  const said = isObject(annotations) ? annotations : {};
  const [first, ...others] = Array.isArray(layers) && layers.every(isDescriptor) ? layers : [];
  if (first === undefined) throw new Failure('it is not an entry of the store cache');
  if (said[keys.tag] !== tag) throw new Failure('it was saved under another tag');
  const { [keys.created]: created, [keys.signature]: signature } = said;
  const artifact: Artifact = {
    ...{ artifactType, tag, layers: [first, ...others] },
    ...(typeof created === 'string' ? { created } : {}),
    ...(isSignature(signature) ? { signature } : {}),
  };
  if (artifactBlob(artifact).descriptor.digest === blobOf(bytes, '').descriptor.digest) return artifact;
  throw new Failure('its manifest is not one of an entry of the store cache');
}

/** Whether the manifest that a tag names says that it is one of an entry with store paths, whole or not. */
export function isArtifact(bytes: Buffer): boolean {
  return objectIn(bytes).artifactType === entryTypes.artifact;
}

/** The artifact with a signature by a secret key, `NAME:BASE64`. */
export function signArtifact(artifact: Artifact, key: string): Artifact {
  return { ...artifact, signature: signText(signedText(artifact), key) };
}

/** Throws a Failure unless one of the public keys, each `NAME:BASE64`, has signed the artifact. */
export function requireSignature(artifact: Artifact, trusted: readonly string[]): void {
  const { signature } = artifact;
  if (signature === undefined) throw new Failure('it is not signed, and trusted-public-keys is set');
  if (!isSigned(signedText(artifact), signature, trusted)) throw new Failure('no key in trusted-public-keys signed it');
}

/** The signed text: the digest of the manifest without its signature, and the tag that it is for. */
function signedText({ signature: _, ...artifact }: Artifact): string {
  return `nix-image-store-entry\n${artifact.tag}\n${artifactBlob(artifact).descriptor.digest}\n`;
}
