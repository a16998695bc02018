import { metadataOutputs } from '../metadata/metadata-outputs.ts';
import { layerJson, summaryOf } from './outputs.ts';
import { type BuildWork, hasImages, type ImageResult, isVerified, type RunResult, type StepResult } from './result.ts';

/** The result as a value for JSON. Keys are those of the outputs; sizes in bytes, durations in milliseconds. */
export function jsonOf(result: StepResult): object {
  if (isVerified(result)) {
    const { digest, name, verified, provenance } = result;
    return { digest, image: name, verified, ...(provenance === undefined ? {} : { provenance }) };
  }
  if (hasImages(result)) return runJson(result);
  if ('deleted' in result) {
    const { deleted, kept, dryRun } = result;
    return { deleted, kept, 'dry-run': dryRun };
  }
  return JSON.parse(metadataOutputs(result.metadata).json ?? '');
}

function runJson({ images, nixVersion, work, cache, stages }: RunResult): object {
  return {
    images: images.map(imageJson),
    ...(nixVersion === undefined ? {} : { 'nix-version': nixVersion }),
    ...(work === undefined ? {} : workJson(work)),
    ...(stages === undefined ? {} : { stages }),
    ...(cache === undefined
      ? {}
      : {
          'cache-key': cache.key,
          ...(cache.matchedKey === undefined ? {} : { 'cache-matched-key': cache.matchedKey }),
          'cache-restored-bytes': cache.restoredBytes,
        }),
  };
}

function workJson({ built, substituted, builds }: BuildWork): object {
  return {
    built,
    substituted,
    builds: builds.map(({ name, start, end }) => ({ name, milliseconds: end - start })),
  };
}

function imageJson(image: ImageResult): object {
  return {
    ...summaryOf(image),
    pushed: image.pushed,
    ...(image.findings === undefined ? {} : { findings: image.findings }),
    platforms: image.platforms.map(({ platform, manifest, configDigest, created, labels, layers }) => ({
      platform,
      digest: manifest.digest,
      imageid: configDigest,
      ...(created === undefined ? {} : { created }),
      labels,
      layers: layers.map(layerJson),
    })),
  };
}
