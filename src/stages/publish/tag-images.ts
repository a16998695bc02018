import { formatReference } from '../../oci/reference.ts';
import { moveTags } from '../../registry/push/move-tags.ts';
import type { ImageResult } from '../../report/result.ts';
import type { Runtime } from '../../runtime.ts';
import type { Publication, Pushed } from './publication.ts';

/** Moves the tags of all images, all or none; returns the results with the references that moved. */
export async function tagImages(
  images: readonly Publication[],
  pushed: readonly Pushed[],
  runtime: Runtime,
): Promise<ImageResult[]> {
  const moves = images.flatMap(({ destination }, i) =>
    destination.tags.map(tag => ({ ...tag, manifest: (pushed[i] as Pushed).root })),
  );
  const ifExists = images[0]?.inputs.ifExists ?? 'overwrite';
  const { log, cancelled } = runtime;
  const named = await runtime.holdExit(moveTags(moves, { ifExists, log, cancelled }));
  const moved = new Set(named.map(formatReference));
  return pushed.map(({ result }) => ({
    ...result,
    references: result.pushed
      ? result.references.filter(reference => moved.has(formatReference(reference)))
      : result.references,
  }));
}
