import type { Host } from '../host.ts';
import type { Inputs } from '../inputs.ts';
import { resolveCreated } from '../metadata/created.ts';
import { deriveLabels } from '../metadata/derive-labels.ts';
import { labelsOf, withChanges } from '../oci/config.ts';
import type { Image } from '../oci/image.ts';

/** The image with labels and time of the workflow in its config; its layers stay as they are. */
export function labelImage(image: Image, inputs: Inputs, host: Host): Image {
  const { log, context, env } = host;
  const clocks = { sourceDateEpoch: env.SOURCE_DATE_EPOCH, commitTime: context.commitTime, now: () => host.now() };
  const created = resolveCreated(inputs.created, clocks);
  if (created === undefined && inputs.created === 'commit') {
    log.notice('The commit is not known here, so the image keeps the created time of its build.');
  }
  const labels = { ...deriveLabels(context, { created, tags: inputs.tags }), ...inputs.labels.set };
  const config = withChanges(image.config, { labels, deleted: inputs.labels.deleted, created });
  for (const [key, value] of Object.entries(labelsOf(config))) log.info(`${key}=${value}`);
  return { ...image, config };
}
