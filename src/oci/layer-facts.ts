import type { Descriptor } from './blob.ts';
import { annotationsOf, type ChunkedPositions, chunkedPositionsOf } from './chunked-positions.ts';
import { type Digest, isDigest } from './digest.ts';

/**
 * Facts about a blob that our manifests record as annotations of the layer's descriptor. They let a later push, on
 * another machine with an empty disk, know the blob without creating it.
 */
export interface LayerFacts {
  readonly diffId: Digest;
  /** Identifies the tar without reading it, see `Layer.identity`. */
  readonly identity?: string;
  /** How the tar was compressed (`gzip-1-r4`); any other way gives other bytes. */
  readonly compression?: string;
  /** Positions of the blob's index of files, if it has one. */
  readonly chunked?: ChunkedPositions;
}

/** The first key is also buildkit's and containerd's. */
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
 * Everything that is claimed about the layer with this name (an identity or a diffID), as one text: two claims are the
 * same only if their texts are equal.
 */
export function claimKey(name: string, { mediaType, digest, size }: Descriptor, facts: LayerFacts): string {
  const chunked = facts.chunked && annotationsOf(facts.chunked);
  return JSON.stringify([name, facts.diffId, facts.compression, digest, size, mediaType, chunked]);
}

/** The claims of all descriptors with facts, under each of their names, see `claimKey`. */
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

/**
 * The facts in a descriptor's annotations; undefined if it has none. They are unverified claims by whoever wrote the
 * manifest.
 */
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
