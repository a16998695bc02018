import { Failure } from '../../lib/failure.ts';
import type { Blob } from '../../oci/blob.ts';
import { chunkedPositionsOf } from '../../oci/chunked-positions.ts';
import { diffIdsOf } from '../../oci/config.ts';
import type { Digest } from '../../oci/digest.ts';
import { type Image, type Layer, layerEncoding, mediaTypeOf } from '../../oci/image.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { readStored, type StoredImage } from './stored-image.ts';

export interface RemoteImage extends Image {
  /** The digest that the name resolved to: of the index, if it names one. */
  readonly digest: Digest;
}

/** An image in a registry, by tag or digest; of an index, the image for `platform` (`os/architecture[/variant]`). */
export async function openRemoteImage(client: RepositoryClient, name: string, platform: string): Promise<RemoteImage> {
  const { digest, images } = await readStored(client, name, platform);
  return { ...remoteImageOf(images[0]), digest };
}

/**
 * An image of a registry as a source. Its layers are not read: they are blobs of that repository, to be mounted or
 * copied unchanged.
 */
export function remoteImageOf({ config, layers, annotations, repository, manifest }: StoredImage): Image {
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== layers.length) {
    throw new Failure(
      `Cannot use ${formatRepository(repository)}@${manifest.descriptor.digest}: it lists ${layers.length} layers, but its config lists ${diffIds.length} diff_ids.`,
    );
  }
  return {
    config,
    annotations,
    layers: layers.map((layer, i) => remoteLayer(layer, repository, diffIds[i] as Digest)),
  };
}

function remoteLayer({ descriptor, open }: Blob, repository: Repository, diffId: Digest): Layer {
  const { mediaType, digest, size } = descriptor;
  const encoding = layerEncoding(descriptor, diffId);
  if (encoding === undefined) {
    throw new Failure(
      `Cannot use ${formatRepository(repository)}: its layer ${digest} has the unsupported media type ${mediaType}.`,
    );
  }
  // Docker's media types do not belong in an OCI manifest; the bytes are the same. Annotations with claims about the
  // blob are dropped, since nobody has checked them. The position of its index stays, because whoever pulls checks the
  // index.
  const chunked = chunkedPositionsOf(descriptor);
  const blob = { mediaType: mediaTypeOf[encoding], digest, size };
  return {
    diffId,
    encoding,
    size,
    descriptor: blob,
    remote: { descriptor: blob, facts: { diffId, ...(chunked === undefined ? {} : { chunked }) }, repository, open },
    open,
  };
}
