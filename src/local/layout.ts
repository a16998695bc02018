import { mediaTypes } from '../oci/blob.ts';
import { hexOf } from '../oci/digest.ts';
import { formatReference, type Reference } from '../oci/reference.ts';
import type { PackedImage } from '../pack/pack-image.ts';
import type { TarMember } from '../tar/write-tar.ts';

/** The files of an OCI image layout that holds one image under these references. OCI image-spec, image-layout.md. */
export function layoutMembers(image: PackedImage, references: readonly Reference[]): TarMember[] {
  const blobs = [...image.layers, image.configBlob, image.manifest];
  const members = blobs.map(({ descriptor, open }) => ({
    name: `blobs/sha256/${hexOf(descriptor.digest)}`,
    size: descriptor.size,
    open,
  }));
  return [
    ...new Map(members.map(member => [member.name, member])).values(),
    textMember('index.json', JSON.stringify(indexOf(image, references))),
    textMember('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })),
  ];
}

function indexOf({ manifest: { descriptor } }: PackedImage, references: readonly Reference[]): object {
  const named = references.map(reference => ({
    ...descriptor,
    annotations: {
      'io.containerd.image.name': formatReference(reference),
      'org.opencontainers.image.ref.name': reference.tag,
    },
  }));
  return { schemaVersion: 2, mediaType: mediaTypes.index, manifests: named.length === 0 ? [descriptor] : named };
}

/** The files of a docker-archive, layers uncompressed. moby image/spec, "Combined Image JSON". */
export async function dockerArchiveMembers(image: PackedImage, references: readonly Reference[]): Promise<TarMember[]> {
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
