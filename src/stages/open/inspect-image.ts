import type { Inputs } from '../../inputs/inputs.ts';
import { isPath } from '../../inputs/is-path.ts';
import { inspectLayer } from '../../inspect/inspect-layer.ts';
import type { InspectedImage } from '../../inspect/inspected-image.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import { hostArchitecture } from '../../nix/system.ts';
import { platformOf } from '../../oci/config.ts';
import type { Digest } from '../../oci/digest.ts';
import { type Image, withBlobsKept, withContents } from '../../oci/image.ts';
import { closestTo } from '../../oci/platform.ts';
import { parseImageName } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { isDenied } from '../../registry/access/registry-error.ts';
import { UnknownReferrers } from '../../registry/content/manifest-links.ts';
import { readReferrers } from '../../registry/read/read-referrers.ts';
import { remoteImageOf } from '../../registry/read/remote-image.ts';
import { readStored, type Stored, type StoredImage } from '../../registry/read/stored-image.ts';
import type { Runtime } from '../../runtime.ts';
import { prebuiltImage } from '../build/build-images.ts';
import { showReading } from '../show-reading.ts';
import type { StageContext } from '../stage-context.ts';
import { openSources } from './open-source.ts';

interface ForInputs extends StageContext {
  readonly inputs: Inputs;
}

/**
 * Reads an image and all its layers: a path (`./…`, `/…`) of anything that can be pushed, else a name in a registry.
 */
export function inspectImage(name: string, context: ForInputs): Promise<InspectedImage> {
  return isPath(name) ? inspectFile(name, context) : inspectStored(name, context);
}

async function inspectFile(name: string, { inputs, ...context }: ForInputs): Promise<InspectedImage> {
  const own: Inputs = { ...inputs, builds: [{ source: { kind: 'path', path: name } }] };
  const imported = prebuiltImage(own, context.runtime);
  const sources = await openSources([own], { images: imported === undefined ? [] : [[imported]] }, context);
  const [source] = sources.flat();
  if (source === undefined) throw new TypeError('A path is one source.');
  const platform = platformOf(source.image.config);
  return { name, kind: source.shape, platform, platforms: [platform], ...(await inspectLayers(source.image, context)) };
}

async function inspectStored(name: string, { inputs, ...context }: ForInputs): Promise<InspectedImage> {
  const { name: tag, ...repository } = parseImageName(name);
  const client = await openClient(repository, { ...context.access, actions: 'pull', mountSources: [] });
  const [wanted] = inputs.platforms;
  const stored = await readStored(client, tag, wanted);
  const chosen = chooseImage(stored);
  return {
    name,
    kind: stored.index === undefined ? 'image' : 'index',
    digest: stored.digest,
    platform: chosen.platform,
    platforms: stored.images.map(({ platform }) => platform),
    ...(await findReferrers(client, stored.digest, context.runtime)),
    ...(await inspectLayers(withBlobsKept(remoteImageOf(chosen)), context)),
  };
}

/** What refers to the image; nothing, with a notice, if the registry denies the answer. */
async function findReferrers(
  client: RepositoryClient,
  digest: Digest,
  { log }: Runtime,
): Promise<Pick<InspectedImage, 'referrers'>> {
  try {
    return { referrers: await readReferrers(client, digest) };
  } catch (error) {
    if (!(error instanceof UnknownReferrers) && !isDenied(error)) throw error;
    log.notice(error.message);
    return {};
  }
}

/** The image for this machine, else the first. */
export function chooseImage({ images }: Stored): StoredImage {
  const [closest] = closestTo(`linux/${hostArchitecture}`, images, ({ platform }) => platform);
  return closest ?? images[0];
}

/** Layers to read at a time: a registry answers faster for several, and each takes a processor. */
const readsAtATime = 4;

/** What the layers of an image hold, with their sizes compressed. */
export async function inspectLayers(
  image: Image,
  { runtime }: StageContext,
): Promise<Pick<InspectedImage, 'config' | 'layers'>> {
  const { config, layers } = withContents(image);
  const pool = createPool(readsAtATime);
  const { log, temporary } = runtime;
  const shown = layers.map((layer, i) => {
    const name = `reading layer ${i + 1} of ${layers.length}`;
    return { ...layer, open: showReading(layer.open, { name, size: layer.size, log }) };
  });
  const inspect = shown.map(layer => pool(() => inspectLayer(layer, temporary)));
  return { config, layers: await settleAll(inspect) };
}
