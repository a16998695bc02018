import { compareConfigs } from '../../inspect/compare-configs.ts';
import { Failure } from '../../lib/failure.ts';
import { oneLine } from '../../lib/printable.ts';
import { platformOf } from '../../oci/config.ts';
import type { Layer } from '../../oci/image.ts';
import { createPacker, type PackedImage, packImage } from '../../pack/pack-image.ts';
import { nameLayer } from '../../report/name-layer.ts';
import type { Runtime } from '../../runtime.ts';
import type { LabelledImage } from '../open/label-image.ts';
import type { ReadyImage } from '../publish/publication.ts';
import { layerDifferences } from './layer-differences.ts';

/**
 * `check-reproducible`: opens and packs each image again, without anything that a registry knows, and compares config
 * and layers. A Failure that lists what differs.
 */
export async function comparePackedAgain(
  { inputs, platforms }: ReadyImage,
  packed: readonly PackedImage[],
  runtime: Runtime,
): Promise<void> {
  for (const [i, first] of packed.entries()) {
    const labelled = platforms[i] as LabelledImage;
    const again = await labelled.openAgain?.();
    // Not asked for, or the earlier run whose result this is has compared it.
    if (again === undefined) continue;
    const second = await packImage(again.image, {
      packer: createPacker(await runtime.createDirectory()),
      annotations: again.annotations,
      compression: inputs.compression,
      reuse: 'off',
      known: new Map(),
      onFalseClaim: runtime.log.warning,
      onLayer: async ({ release }) => release(),
    });
    const platform = platformOf(first.config);
    if (first.manifest.descriptor.digest !== second.manifest.descriptor.digest) {
      const lines = await differencesOf({ image: labelled, packed: first }, { image: again, packed: second });
      throw new Failure(
        [
          `The image for ${platform} is not reproducible: packed again, it is another one. No tag was moved.`,
          ...lines,
        ].join('\n'),
      );
    }
    runtime.log.info(`Packed the image for ${platform} again: all ${second.layers.length} layers are the same.`);
  }
}

interface Packing {
  readonly image: LabelledImage;
  readonly packed: PackedImage;
}

async function differencesOf(first: Packing, second: Packing): Promise<string[]> {
  const ofConfig = compareConfigs(first.packed.config, second.packed.config).map(
    ({ field, before, after }) => `config, ${field}: ${before ?? 'nothing'} and ${after ?? 'nothing'}`,
  );
  const lines = ofConfig.map(line => oneLine(line));
  const [one, other] = [first.packed.layers, second.packed.layers];
  if (one.length !== other.length) return [...lines, `${one.length} and ${other.length} layers`];
  const different = one.flatMap((layer, i) => {
    const [digest, again] = [layer.descriptor.digest, other[i]?.descriptor.digest];
    if (digest === again) return [];
    const [a, b] = [first.image.image.layers[i] as Layer, second.image.image.layers[i] as Layer];
    return [{ name: `layer ${i + 1} (${nameLayer(layer)}): ${digest} and ${again}`, first: a, second: b }];
  });
  return [...lines, ...(await layerDifferences(different))];
}
