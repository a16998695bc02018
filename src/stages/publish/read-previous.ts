import { messageOf } from '../../lib/failure.ts';
import { settleAll } from '../../lib/pool.ts';
import type { Descriptor } from '../../oci/blob.ts';
import { parseConfig, platformOf } from '../../oci/config.ts';
import type { KnownConfig, KnownContent } from '../../oci/known-blob.ts';
import { formatReference } from '../../oci/reference.ts';
import { type PreviousImage, summarizeImage } from '../../report/image-summary.ts';
import type { PlatformResult } from '../../report/result.ts';
import type { Log } from '../../runtime.ts';

/**
 * The image that the first of the known tags points to before the push of `images`, to compare with; undefined if there
 * is none. Configs are read only if layers differ. Never fails.
 */
export async function readPrevious(
  known: KnownContent | undefined,
  images: readonly PlatformResult[],
  log: Pick<Log, 'info'>,
): Promise<PreviousImage | undefined> {
  const [first, ...others] = known?.configs.values() ?? [];
  if (first === undefined) return undefined;
  const { reference } = first;
  const configs = [first, ...others.filter(one => one.reference === reference)];
  const isKnown = ({ layers }: PlatformResult) =>
    configs.some(one => digestsOf(one.layers) === digestsOf(layers.map(layer => layer.descriptor)));
  if (images.every(isKnown)) return { reference, images };
  try {
    return { reference, images: await settleAll(configs.map(readSummary)) };
  } catch (error) {
    log.info(`Not compared with ${formatReference(reference)}: ${messageOf(error)}`);
    return undefined;
  }
}

function digestsOf(layers: readonly Descriptor[]): string {
  return layers.map(({ digest }) => digest).join();
}

async function readSummary({ reference, layers, read }: KnownConfig) {
  const config = parseConfig(await read(), `the config of ${formatReference(reference)}`);
  return summarizeImage({ config, platform: platformOf(config), layers: layers.map(descriptor => ({ descriptor })) });
}
