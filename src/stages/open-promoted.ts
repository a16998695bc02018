import { openLayoutFiles } from '../image/oci-layout/open-layout-files.ts';
import { type LayoutImages, openLayoutImages } from '../image/oci-layout/open-oci-layout.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { Failure } from '../lib/failure.ts';
import { platformOf } from '../oci/config.ts';
import { withLayersKept } from '../oci/image.ts';
import { closestTo } from '../oci/platform.ts';
import { formatRepository } from '../oci/reference.ts';
import { openClient } from '../registry/client.ts';
import { remoteImageOf } from '../registry/remote-image.ts';
import { readStored } from '../registry/stored-image.ts';
import type { Circumstances } from './circumstances.ts';
import { labelImage } from './label-image.ts';
import type { Publication, ReadyImage } from './publish-images.ts';

/** Opens the image, or all images of the index, that is promoted, and labels each anew. Layers are not read. */
export async function openPromoted(
  publications: readonly Publication[],
  circumstances: Circumstances,
): Promise<ReadyImage[]> {
  const { host } = circumstances;
  const ready: ReadyImage[] = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const { index, images, others } = await openFrom(inputs, circumstances);
    if (others > 0) {
      host.log.notice(`Attestations are left out (${others}): they speak of the images as they were before.`);
    }
    const variants = images.map(image =>
      labelImage(withLayersKept(image), metadata, { inputs, facts: undefined, host }),
    );
    // The image of one platform is no index any more.
    ready.push({ ...publication, variants, index: inputs.platforms.length === 0 ? index : undefined });
  }
  return ready;
}

async function openFrom(inputs: Inputs, { host, access }: Circumstances): Promise<LayoutImages> {
  const { from, platforms, imageName } = inputs;
  const [platform] = platforms;
  if (from === undefined) throw new TypeError('What is promoted is named in from.');
  if ('layout' in from) {
    const files = await openLayoutFiles(host.resolve(from.layout), { isTrusted: true });
    const choice = {
      ...(imageName === undefined ? {} : { imageName }),
      ...(platform === undefined ? {} : { platform }),
    };
    return openLayoutImages(files, choice);
  }
  const client = await openClient(from, { ...access, actions: 'pull', mountSources: [] });
  const { digest, index, images, others } = await readStored(client, from.name, platform);
  host.log.info(`From ${formatRepository(from)}@${digest}`);
  for (const { config, manifest } of images) {
    const own = platformOf(config);
    host.log.info(`${own}: ${manifest.descriptor.digest}`);
    if (platform === undefined || closestTo(platform, [own], one => one).length > 0) continue;
    throw new Failure(`Cannot promote ${formatRepository(from)}@${digest} for ${platform}: it is for ${own}.`);
  }
  return { index, images: images.map(remoteImageOf), others };
}
