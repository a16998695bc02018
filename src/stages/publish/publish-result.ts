import { settleAll } from '../../lib/pool.ts';
import { type Layer, layerEncoding } from '../../oci/image.ts';
import { type LayerFacts, layerFactsOf } from '../../oci/layer-facts.ts';
import { isUnknownContent } from '../../registry/access/registry-error.ts';
import type { Destination } from '../../registry/push/destination.ts';
import { describeReuse } from '../../report/describe-reuse.ts';
import type { ReusedBuild, RunResult } from '../../report/result.ts';
import type { BuiltResult, Result } from '../../results/result-entry.ts';
import type { Runtime } from '../../runtime.ts';
import { labelImage } from '../open/label-image.ts';
import type { Publication, ReadyImage } from './publication.ts';
import { publishKnown } from './publish-images.ts';

interface Publishing {
  readonly runtime: Runtime;
  /** What the earlier run shares with this one. */
  readonly by: ReusedBuild['by'];
}

/**
 * Labels and pushes the images that an earlier run built. Undefined if there is no result, if the registries no longer
 * have all layers, or if this machine needs the layers.
 */
export async function publishResult(
  result: Result | undefined,
  opening: Promise<readonly Publication[]>,
  publishing: Publishing,
): Promise<RunResult | undefined> {
  if (result === undefined) return undefined;
  const publications = await opening;
  if (publications.some(({ layout }) => layout !== undefined)) return undefined;
  return publishing.runtime.log.group('Push', () => publishAll(result, publications, publishing));
}

async function publishAll(
  result: Result,
  publications: readonly Publication[],
  { runtime, by }: Publishing,
): Promise<RunResult | undefined> {
  const ready: ReadyImage[] = [];
  for (const [i, publication] of publications.entries()) {
    const image = await openResult(result.images[i] ?? [], publication, runtime);
    if (image === undefined) {
      runtime.log.info(`The registry no longer has all layers of the build of ${result.time}: building again.`);
      return undefined;
    }
    const { nixVersion, time, run } = result;
    const derivations = (result.images[i] ?? []).map(({ drvPath }) => drvPath);
    ready.push({ ...image, built: { nixVersion, derivations, reused: { time, run } } });
  }
  try {
    const images = await publishKnown(ready, runtime);
    const { time, run, nixVersion } = result;
    const derivations = result.images.flat().map(({ drvPath }) => drvPath);
    const origin = [...derivations, ...(run === undefined ? [] : [run])].join(', ');
    runtime.log.info(
      `Reused the build of ${time} (${origin}): ${describeReuse(by)}. To build all the same, set rebuild: always.`,
    );
    return { images, nixVersion, reused: { time, run, derivations, by } };
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    runtime.log.warning(`The registry lost layers of the build of ${result.time} that it listed: building again.`);
    return undefined;
  }
}

async function openResult(
  built: readonly BuiltResult[],
  publication: Publication,
  runtime: Runtime,
): Promise<ReadyImage | undefined> {
  const { inputs, metadata, destination } = publication;
  const platforms: ReadyImage['platforms'][number][] = [];
  for (const { config, annotations, base, meta, findings, layers: builtLayers } of built) {
    const layers = await settleAll(builtLayers.map(layer => locateLayer(layer, destination)));
    if (layers.includes(undefined)) return undefined;
    const image = { config, annotations, layers: layers.filter(layer => layer !== undefined), ...(base && { base }) };
    platforms.push({ ...labelImage(image, metadata, { inputs, meta, runtime }), findings });
  }
  // The key fixes the compression of its layers, and the registry has them all: no layer claim is needed.
  const { compression: _, ...others } = inputs;
  return { ...publication, inputs: { ...others, reuse: 'off' }, platforms };
}

async function locateLayer(
  { descriptor: withFacts, contents }: BuiltResult['layers'][number],
  destination: Destination,
): Promise<Layer | undefined> {
  const { mediaType, digest, size } = withFacts;
  const descriptor = { mediaType, digest, size };
  const location = await destination.locate(descriptor);
  if (location === undefined) return undefined;
  const facts = layerFactsOf(withFacts) as LayerFacts;
  const { diffId, identity } = facts;
  return {
    diffId,
    ...(identity === undefined ? {} : { identity }),
    encoding: layerEncoding(descriptor, diffId) ?? 'tar',
    size,
    contents,
    descriptor,
    remote: { descriptor, facts, ...location },
    open: location.open,
  };
}
