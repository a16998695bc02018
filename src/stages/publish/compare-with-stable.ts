import { splitPaths } from '../../image/layering/split-paths.ts';
import { type StableSaving, stableSaving } from '../../image/layering/stable-saving.ts';
import { messageOf } from '../../lib/failure.ts';
import { diffIdsOf, parseConfig, platformOf } from '../../oci/config.ts';
import type { Layer } from '../../oci/image.ts';
import type { KnownContent } from '../../oci/known-blob.ts';
import { contentsInHistory } from '../../oci/layer-contents.ts';
import type { Log } from '../../runtime.ts';
import type { LabelledImage } from '../open/label-image.ts';

/** Computes what stable layers would have saved, given the sent layers, each as a list of store paths. */
type Compare = (sent: readonly (readonly string[])[]) => StableSaving | undefined;

/**
 * Reads, while layers are packed and sent, what the comparison with stable layers needs: the store paths that the
 * config of the previous image lists, and the closure of this one. Undefined if no new layer has several store paths,
 * or if anything is unknown: the comparison never fails a push.
 */
export async function compareWithStable(
  { image, split }: LabelledImage,
  known: KnownContent | undefined,
  log: Log,
): Promise<Compare | undefined> {
  if (split === undefined || known === undefined) return undefined;
  const isNew = (layer: Layer) => storePathsOf(layer).length > 1 && !known.layers.has(layer.identity ?? '');
  if (!image.layers.some(isNew)) return undefined;
  try {
    const before = await readLayersBefore(known, platformOf(image.config));
    if (before.flat().length === 0) return undefined;
    const paths = new Set(image.layers.flatMap(storePathsOf));
    const kept = image.layers.filter(layer => storePathsOf(layer).length === 0).length;
    const { layers: stable, closure } = await splitPaths([...paths], { image: 'the image', kept }, split);
    return sent => stableSaving({ sent, before, stable, closure });
  } catch (error) {
    log.debug(`Not compared with layering: stable. ${messageOf(error)}`);
    return undefined;
  }
}

/** The store paths of each layer that the first known image for this platform lists. */
async function readLayersBefore({ configs }: KnownContent, platform: string): Promise<readonly (readonly string[])[]> {
  for (const [digest, { read }] of configs) {
    const config = parseConfig(await read(), `the config ${digest}`);
    if (platformOf(config) !== platform) continue;
    const contents = contentsInHistory(config, diffIdsOf(config)?.length ?? 0);
    return contents.map(({ paths }) => paths.map(({ path }) => path));
  }
  return [];
}

/** The store paths of a layer that has no other files; empty for all other layers, whatever their history says. */
export function storePathsOf({ identity, contents }: Layer): readonly string[] {
  return identity === undefined ? [] : (contents?.paths ?? []).map(({ path }) => path);
}
