import { bakeFiles, metadataOutputs } from '../metadata/metadata-outputs.ts';
import { formatReference, formatRepository } from '../oci/reference.ts';
import { hasImage, type MetadataResult, type RunResult, sizeOf } from './result.ts';

/** The step's outputs by name. A build's `tags` are those that were pushed. */
export function outputsOf(result: MetadataResult | RunResult): Readonly<Record<string, string>> {
  const metadata = metadataOutputs(result.metadata);
  if (!hasImage(result)) return metadata;
  const image = imageOutputs(result);
  return { ...image, ...metadata, tags: image.tags };
}

/** The texts of the outputs that are paths of files, by name. */
export function outputFilesOf({ metadata }: MetadataResult): Readonly<Record<string, string>> {
  const { json = '' } = metadataOutputs(metadata);
  return { 'json-file': json, ...bakeFiles(metadata) };
}

/** `metadata` has the keys of docker/build-push-action that apply, and our own. */
function imageOutputs(result: RunResult) {
  const { manifest, configDigest, references, pushed, layers, cache } = result;
  const [first] = references;
  const names = references.map(formatReference);
  return {
    digest: manifest.digest,
    imageid: configDigest,
    image: first === undefined ? '' : `${formatRepository(first)}@${manifest.digest}`,
    tags: pushed ? names.join('\n') : '',
    metadata: JSON.stringify(metadataOf(result, names)),
    'nix-version': result.nixVersion ?? '',
    size: String(sizeOf(result)),
    'uploaded-bytes': String(result.uploadedBytes),
    layers: String(layers.length),
    'cache-hit': String(cache !== undefined && cache.key === cache.matchedKey),
    'cache-key': cache?.key ?? '',
    'cache-matched-key': cache?.matchedKey ?? '',
    'cache-restored-bytes': String(cache?.restoredBytes ?? 0),
  };
}

function metadataOf({ manifest, configDigest, platform, labels, layers }: RunResult, names: readonly string[]): object {
  return {
    'containerimage.descriptor': manifest,
    'containerimage.digest': manifest.digest,
    'containerimage.config.digest': configDigest,
    ...(names.length === 0 ? {} : { 'image.name': names.join(',') }),
    'nix-image.platform': platform,
    'nix-image.labels': labels,
    'nix-image.layers': layers.map(({ descriptor, diffId, state }) => ({ ...descriptor, diffId, state })),
  };
}
