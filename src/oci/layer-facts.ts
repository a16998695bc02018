import type { Descriptor } from './blob.ts';
import { annotationsOf, type ChunkedPositions, chunkedPositionsOf } from './chunked-positions.ts';
import { type Digest, isDigest } from './digest.ts';

/**
 * What a layer's descriptor in a manifest of ours tells of the blob, as annotations: enough for a later push, on another
 * machine with an empty disk, to know the blob without making it.
 */
export interface LayerFacts {
  readonly diffId: Digest;
  /** Names the tar without reading it, see `Layer.identity`. */
  readonly identity?: string;
  /** How the blob was made of the tar (`gzip-1-r4`); another way gives other bytes. */
  readonly compression?: string;
  /** Where the blob has an index of its files. */
  readonly chunked?: ChunkedPositions;
}

/** The first is buildkit's and containerd's own name for it. */
const keys = {
  diffId: 'containerd.io/uncompressed',
  identity: 'org.nix-image.identity',
  compression: 'org.nix-image.compression',
} as const;

/** The descriptor with its facts. */
export function withFacts(descriptor: Descriptor, facts: LayerFacts): Descriptor {
  const { diffId, identity, compression, chunked } = facts;
  return {
    ...descriptor,
    annotations: {
      ...descriptor.annotations,
      [keys.diffId]: diffId,
      ...(identity === undefined ? {} : { [keys.identity]: identity }),
      ...(compression === undefined ? {} : { [keys.compression]: compression }),
      ...(chunked === undefined ? {} : annotationsOf(chunked)),
    },
  };
}

/**
 * What is said of the layer of a name, its identity or its diffID, as one text: two are equal only if they say the very
 * same, bytes and all.
 */
export function claimKey(name: string, { mediaType, digest, size }: Descriptor, facts: LayerFacts): string {
  const chunked = facts.chunked && annotationsOf(facts.chunked);
  return JSON.stringify([name, facts.diffId, facts.compression, digest, size, mediaType, chunked]);
}

/** All that descriptors with facts say, under each of their names, see `claimKey`. */
export function claimKeys(descriptors: readonly Descriptor[]): ReadonlySet<string> {
  const claims = new Set<string>();
  for (const descriptor of descriptors) {
    const facts = layerFactsOf(descriptor);
    for (const name of [facts?.diffId, facts?.identity]) {
      if (facts !== undefined && name !== undefined) claims.add(claimKey(name, descriptor, facts));
    }
  }
  return claims;
}

/** The facts that a descriptor tells; undefined if it has none. They are claims of whoever wrote the manifest. */
export function layerFactsOf(descriptor: Descriptor): LayerFacts | undefined {
  const { annotations = {} } = descriptor;
  const chunked = chunkedPositionsOf(descriptor);
  const diffId = annotations[keys.diffId];
  const identity = annotations[keys.identity];
  const compression = annotations[keys.compression];
  if (diffId === undefined || !isDigest(diffId)) return undefined;
  return {
    diffId,
    ...(identity === undefined ? {} : { identity }),
    ...(compression === undefined ? {} : { compression }),
    ...(chunked === undefined ? {} : { chunked }),
  };
}
