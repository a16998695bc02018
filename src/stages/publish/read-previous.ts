import { messageOf } from '../../lib/failure.ts';
import { settleAll } from '../../lib/pool.ts';
import { parseConfig, platformOf } from '../../oci/config.ts';
import type { KnownConfig, KnownContent } from '../../oci/known-blob.ts';
import { formatReference } from '../../oci/reference.ts';
import { type PreviousImage, summarizeImage } from '../../report/image-summary.ts';
import type { Log } from '../../runtime.ts';

/**
 * The image that the first of the known tags points to before the push, to compare with; undefined if there is none.
 * Nothing fails for it.
 */
export async function readPrevious(
  known: KnownContent | undefined,
  log: Pick<Log, 'info'>,
): Promise<PreviousImage | undefined> {
  const configs = [...(known?.configs.values() ?? [])];
  const [first] = configs;
  if (first === undefined) return undefined;
  const { reference } = first;
  try {
    const images = await settleAll(configs.filter(one => one.reference === reference).map(readSummary));
    return { reference, images };
  } catch (error) {
    log.info(`Not compared with ${formatReference(reference)}: ${messageOf(error)}`);
    return undefined;
  }
}

async function readSummary({ reference, layers, read }: KnownConfig) {
  const config = parseConfig(await read(), `the config of ${formatReference(reference)}`);
  return summarizeImage({ config, platform: platformOf(config), layers: layers.map(descriptor => ({ descriptor })) });
}
