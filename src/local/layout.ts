import { Failure } from '../lib/failure.ts';
import { type Blob, mediaTypes } from '../oci/blob.ts';
import { hexOf } from '../oci/digest.ts';
import { formatReference, type Reference } from '../oci/reference.ts';
import type { PackedImage } from '../pack/pack-image.ts';
import type { TarMember } from '../tar/write-tar.ts';

/** What a tag points to: the manifest of its one image, or an index of the images of several platforms. */
export interface TaggedImage {
  readonly root: Blob;
  readonly images: readonly PackedImage[];
  readonly references: readonly Reference[];
}

/** The files of an OCI image layout with the tagged images. OCI image-spec, image-layout.md. */
export function layoutMembers({ root, images, references }: TaggedImage): TarMember[] {
  const blobs = [...images.flatMap(image => [...image.layers, image.configBlob, image.manifest]), root];
  const members = blobs.map(({ descriptor, open }) => ({
    name: `blobs/sha256/${hexOf(descriptor.digest)}`,
    size: descriptor.size,
    open,
  }));
  return [
    ...new Map(members.map(member => [member.name, member])).values(),
    textMember('index.json', JSON.stringify(indexOf(root, references))),
    textMember('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })),
  ];
}

function indexOf({ descriptor }: Blob, references: readonly Reference[]): object {
  const named = references.map(reference => ({
    ...descriptor,
    annotations: {
      'io.containerd.image.name': formatReference(reference),
      'org.opencontainers.image.ref.name': reference.tag,
    },
  }));
  return { schemaVersion: 2, mediaType: mediaTypes.index, manifests: named.length === 0 ? [descriptor] : named };
}

/**
 * The files of a docker-archive, which holds one platform with uncompressed layers. moby image/spec, "Combined Image
 * JSON".
 */
export async function dockerArchiveMembers({ images, references }: TaggedImage): Promise<TarMember[]> {
  const image = onlyOf(images);
  const layers = await Promise.all(
    image.layers.map(async layer => ({
      name: `${hexOf(layer.diffId)}/layer.tar`,
      size: await layer.tarSize(),
      open: layer.openTar,
    })),
  );
  const { descriptor, open } = image.configBlob;
  const config = { name: `${hexOf(descriptor.digest)}.json`, size: descriptor.size, open };
  const manifest = [
    { Config: config.name, RepoTags: references.map(formatReference), Layers: layers.map(layer => layer.name) },
  ];
  return [
    ...new Map(layers.map(layer => [layer.name, layer])).values(),
    config,
    textMember('manifest.json', JSON.stringify(manifest)),
  ];
}

function onlyOf(images: readonly PackedImage[]): PackedImage {
  const [image] = images;
  if (image !== undefined && images.length === 1) return image;
  throw new Failure(
    `Cannot write an image for ${images.length} platforms as a docker-archive, which holds one platform. Use oci or oci-archive.`,
  );
}

function textMember(name: string, text: string): TarMember {
  const bytes = Buffer.from(text);
  return {
    name,
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
