import type { Inputs } from '../../inputs/inputs.ts';
import type { Blob } from '../../oci/blob.ts';
import { createdOf, labelsOf, platformOf } from '../../oci/config.ts';
import type { PackedImage } from '../../pack/pack-image.ts';
import type { Uploaded } from '../../registry/content/blobs.ts';
import type { ImageResult, LayerState, PlatformResult } from '../../report/result.ts';
import type { Publication } from './publication.ts';

/** The result of an image before its tags move. */
export function resultOf(
  { inputs, metadata, destination, layout }: Publication,
  root: Blob,
  platforms: readonly PlatformResult[],
): ImageResult {
  return {
    name: inputs.name,
    metadata,
    root: root.descriptor,
    platforms,
    repositories: destination.repositories,
    references: inputs.pushByDigest ? [] : metadata.references,
    pushed: inputs.push && !inputs.dryRun,
    uploadedBytes: destination.uploadedBytes(),
    layout: layout?.path,
  };
}

/** The state of a layer from what happened to it in each repository. */
export function stateOf(outcomes: readonly Uploaded[], { dryRun }: Inputs): LayerState {
  if (outcomes.length === 0) return 'not pushed';
  if (outcomes.includes('uploaded')) return dryRun ? 'would be uploaded' : 'uploaded';
  return outcomes.includes('mounted') ? 'mounted' : 'already there';
}

/** The result for one platform, without its layers. */
export function platformResultOf({
  manifest,
  configBlob,
  config,
}: Pick<PackedImage, 'manifest' | 'configBlob' | 'config'>): Omit<PlatformResult, 'layers'> {
  return {
    manifest: manifest.descriptor,
    configDigest: configBlob.descriptor.digest,
    platform: platformOf(config),
    created: createdOf(config),
    labels: labelsOf(config),
  };
}
