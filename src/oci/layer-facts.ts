import type { Descriptor } from './blob.ts';
import { type Digest, isDigest } from './digest.ts';

/**
 * What a layer's descriptor in a manifest of ours tells of the blob, as annotations: enough for a later push, on another
 * machine with an empty disk, to know the blob without making it.
 */
export interface LayerFacts {
  readonly diffId: Digest;
  /** Names the tar without reading it, see `Layer.identity`. */
  readonly identity?: string;
  /** How the blob was made of the tar (`gzip-4-r2`); another way gives other bytes. */
  readonly compression?: string;
}

/** The first is buildkit's and containerd's own name for it. */
const keys = {
  diffId: 'containerd.io/uncompressed',
  identity: 'org.nix-image.identity',
  compression: 'org.nix-image.compression',
} as const;

/** The descriptor with its facts. */
export function withFacts(descriptor: Descriptor, { diffId, identity, compression }: LayerFacts): Descriptor {
  return {
    ...descriptor,
    annotations: {
      ...descriptor.annotations,
      [keys.diffId]: diffId,
      ...(identity === undefined ? {} : { [keys.identity]: identity }),
      ...(compression === undefined ? {} : { [keys.compression]: compression }),
    },
  };
}

/** The facts that a descriptor tells; undefined where it has none. They are claims of whoever wrote the manifest. */
export function factsOf({ annotations = {} }: Descriptor): LayerFacts | undefined {
  const diffId = annotations[keys.diffId];
  const identity = annotations[keys.identity];
  const compression = annotations[keys.compression];
  if (diffId === undefined || !isDigest(diffId)) return undefined;
  return {
    diffId,
    ...(identity === undefined ? {} : { identity }),
    ...(compression === undefined ? {} : { compression }),
  };
}
