import { openLayoutFiles } from '../../image/oci-layout/open-layout-files.ts';
import { openUntrustedLayout } from '../../image/oci-layout/open-untrusted-layout.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { keysNotAllowed } from '../../metadata/allowed-labels.ts';
import type { Metadata } from '../../metadata/compute-metadata.ts';
import { labelsOf, platformOf } from '../../oci/config.ts';
import { type Image, withBlobsKept } from '../../oci/image.ts';
import { checkLayer } from '../../pack/check-layer.ts';
import type { Publication, ReadyImage } from '../publish/publication.ts';
import type { StageContext } from '../stage-context.ts';
import { labelImage } from './label-image.ts';

const usualPlatforms = ['linux/amd64', 'linux/arm64'];

/** Most bytes of all layers of a layout, unpacked: more than the disk of a runner holds. */
const mostBytes = 16 * 2 ** 30;

/** Opens a layout from untrusted code and labels its images. It is checked completely before anything is pushed. */
export async function openUntrusted(
  publications: readonly Publication[],
  { runtime }: StageContext,
): Promise<ReadyImage[]> {
  const ready: ReadyImage[] = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const files = await openLayoutFiles(runtime.resolve(pathOf(inputs)), { isTrusted: false });
    const { index, images } = await openUntrustedLayout(
      files,
      inputs.platforms.length === 0 ? usualPlatforms : inputs.platforms,
    );
    for (const image of images) checkLabels(image, metadata, inputs);
    await checkLayers(images);
    runtime.log.info(`${files.description}: ${images.map(({ config }) => platformOf(config)).join(', ')}`);
    const platforms = images.map(image =>
      labelImage(withBlobsKept(image), metadata, { inputs, meta: undefined, runtime }),
    );
    ready.push({ ...publication, platforms: platforms, index });
  }
  return ready;
}

function pathOf({ builds }: Inputs): string {
  const source = builds[0]?.source;
  if (source?.kind === 'path') return source.path;
  throw new TypeError('path is set in mode push-layout.');
}

/** Labels of the layout that this run overrides or deletes need not be allowed. */
function checkLabels({ config }: Image, { labels, deleted }: Metadata, { allowLabels, annotate }: Inputs): void {
  const isOurs = (key: string) => deleted.has(key) || (annotate.includes('config') && Object.hasOwn(labels, key));
  const foreign = keysNotAllowed(labelsOf(config), allowLabels).filter(key => !isOurs(key));
  if (foreign.length === 0) return;
  throw new Failure(
    `Cannot push the layout: its labels ${foreign.map(key => JSON.stringify(key)).join(', ')} are not allowed. ` +
      'Allow them in allow-labels, or delete them with !KEY in labels.',
  );
}

async function checkLayers(images: readonly Image[]): Promise<void> {
  const layers = images.flatMap(image => image.layers);
  const distinct = new Map(layers.map(layer => [`${layer.descriptor?.digest} ${layer.diffId}`, layer]));
  let left = mostBytes;
  for (const layer of distinct.values()) left -= await checkLayer(layer, left);
}
