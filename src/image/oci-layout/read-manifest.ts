import { Failure } from '../../lib/failure.ts';
import { parseJsonObject } from '../../lib/parse-json.ts';
import { type Descriptor, mediaTypes } from '../../oci/blob.ts';
import { type ImageConfig, parseConfig } from '../../oci/config.ts';
import { blobName, type LayoutFiles, readBlob } from './layout-files.ts';
import { parseAnnotations, parseDescriptor } from './parse-descriptor.ts';

/** A manifest of OCI or docker, OCI image-spec manifest.md. */
export interface LayoutManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

const configTypes: readonly string[] = [mediaTypes.config, 'application/vnd.docker.container.image.v1+json'];

/** Reads the manifest that a descriptor points to. */
export async function readManifest(files: LayoutFiles, descriptor: Descriptor): Promise<LayoutManifest> {
  const description = `the manifest ${blobName(descriptor.digest)} of ${files.description}`;
  const { config, layers, annotations } = parseJsonObject(await readBlob(files, descriptor, 'manifest'), description);
  if (!Array.isArray(layers)) throw new Failure(`Cannot read ${description}: its "layers" is not a list.`);
  return {
    config: parseDescriptor(config, `"config" of ${description}`),
    layers: layers.map((item, i) => parseDescriptor(item, `"layers[${i}]" of ${description}`)),
    annotations: parseAnnotations(annotations, description),
  };
}

/** Whether it is the manifest of a container image, and not of something else that registries keep. */
export function isImageManifest({ config }: LayoutManifest): boolean {
  return configTypes.includes(config.mediaType);
}

/** Reads the config that a manifest points to. */
export async function readConfig(files: LayoutFiles, manifest: LayoutManifest): Promise<ImageConfig> {
  const { config } = manifest;
  if (!isImageManifest(manifest)) {
    throw new Failure(
      `Cannot use ${files.description}: it is not a container image, its config has the media type ${config.mediaType}.`,
    );
  }
  return parseConfig(
    await readBlob(files, config, 'config'),
    `the config ${blobName(config.digest)} of ${files.description}`,
  );
}
