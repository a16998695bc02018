import { formatReference, formatRepository } from '../oci/reference.ts';
import { type RunResult, sizeOf } from './result.ts';

/** The step's outputs by name. `metadata` has the keys of docker/build-push-action that apply, and our own. */
export function outputsOf(result: RunResult): Readonly<Record<string, string>> {
  const { manifest, configDigest, references, pushed, layers } = result;
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
