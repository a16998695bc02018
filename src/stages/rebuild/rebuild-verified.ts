import { readOrigin } from '../../attest/read-provenance.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { compareConfigs } from '../../inspect/compare-configs.ts';
import { Failure } from '../../lib/failure.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import { oneLine } from '../../lib/printable.ts';
import { diffIdsOf, platformOf } from '../../oci/config.ts';
import type { Digest } from '../../oci/digest.ts';
import type { Image, Layer } from '../../oci/image.ts';
import { closestTo } from '../../oci/platform.ts';
import { parseImageName } from '../../oci/reference.ts';
import { createMeter, drain } from '../../pack/meter.ts';
import { openTar } from '../../pack/pack-layer.ts';
import { openClient } from '../../registry/access/client.ts';
import { remoteImageOf } from '../../registry/read/remote-image.ts';
import { readStored, type StoredImage } from '../../registry/read/stored-image.ts';
import type { VerifyResult } from '../../report/result.ts';
import type { Runtime } from '../../runtime.ts';
import { buildImages } from '../build/build-images.ts';
import { type OpenedSource, openSources } from '../open/open-source.ts';
import type { StageContext } from '../stage-context.ts';
import { checkOut } from './check-out.ts';
import { layerDifferences } from './layer-differences.ts';
import { inputsOf } from './origin-inputs.ts';
import { rebuildImages } from './rebuild-images.ts';

/**
 * `require: rebuild`: builds a verified image again from what its provenance names, and compares layers and config,
 * except labels and creation time. A Failure that lists what differs. The provenance must come from the required
 * signer.
 */
export async function rebuildVerified(
  verified: VerifyResult,
  inputs: Inputs,
  { runtime: given, access }: StageContext,
): Promise<VerifyResult> {
  const runtime = { ...given, env: { ...given.env, ...noRepository } };
  if (verified.provenance === undefined) throw new TypeError('rebuild requires provenance.');
  const { name: tag, ...repository } = parseImageName(verified.name);
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  const { images: stored, others } = await readStored(client, tag, inputs.platforms[0]);
  // Engines may take one of them for an image.
  if (others > 0 && inputs.platforms.length === 0) {
    throw new Failure(
      `Cannot build ${verified.name} again: the index also lists ${others} manifests that are not images. Choose an image with platform.`,
    );
  }
  const origin = readOrigin(verified.provenance);
  const own = inputsOf(origin, inputs);
  const directory = await checkOut(origin, runtime);
  const inCheckout: Runtime = {
    ...runtime,
    directory,
    resolve: path => (path.startsWith('/') ? path : `${directory}/${path}`),
  };
  const built = await buildImages([own], inCheckout);
  await rebuildImages([own], built, inCheckout);
  return runtime.log.group('Compare', async () => {
    const sources = (await openSources([own], built, { runtime: inCheckout, access })).flat();
    const from = `${origin.repository} at ${origin.revision}`;
    const lines: string[] = [];
    for (const image of stored) lines.push(await compareStored(image, sources, { name: verified.name, from }));
    for (const line of lines) runtime.log.info(line);
    return { ...verified, verified: [...verified.verified, ...lines] };
  });
}

/**
 * A hook of git runs with variables that name its own repository, which are stronger than the directory of the
 * checkout.
 */
const noRepository = Object.fromEntries(
  ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY'].map(name => [name, undefined]),
);

/** Compares the image for one platform with its second build; returns what was found, or throws a Failure. */
async function compareStored(
  image: StoredImage,
  sources: readonly OpenedSource[],
  { name, from }: { readonly name: string; readonly from: string },
): Promise<string> {
  const { platform, layers } = image;
  const [source] = closestTo(platform, sources, one => platformOf(one.image.config));
  if (source === undefined) {
    throw new Failure(
      `Cannot build ${name} for ${platform} again: the build is for other platforms. Choose one with platform.`,
    );
  }
  const lines = await compare(remoteImageOf(image), source.image);
  if (lines.length === 0) return `rebuild of ${platform}: ${layers.length} layers and the config are those of ${from}`;
  throw new Failure([`The image ${name} for ${platform} differs from its build from ${from}:`, ...lines].join('\n'));
}

/** Fields of a config that are listed. */
const mostFields = 20;
/** Layers to read at a time. */
const readsAtATime = 4;

/** What differs between an image and its second build. */
async function compare(first: Image, second: Image): Promise<string[]> {
  const ofConfig = compareConfigs(first.config, second.config)
    // The step adds these to what was built.
    .filter(({ field }) => field !== 'created' && !field.startsWith('label '))
    .slice(0, mostFields)
    .map(({ field, before, after }) => oneLine(`config, ${field}: ${before ?? 'nothing'} and ${after ?? 'nothing'}`));
  const before = diffIdsOf(first.config) ?? [];
  const pool = createPool(readsAtATime);
  const after = await settleAll(second.layers.map(layer => pool(() => readDiffId(layer))));
  if (before.length !== after.length) return [...ofConfig, `${before.length} layers and ${after.length}`];
  const different = before.flatMap((diffId, i) => {
    if (diffId === after[i]) return [];
    const [one, other] = [first.layers[i] as Layer, second.layers[i] as Layer];
    return [{ name: `layer ${i + 1}: ${diffId} and ${after[i]}`, first: one, second: other }];
  });
  return [...ofConfig, ...(await layerDifferences(different))];
}

async function readDiffId(layer: Layer): Promise<Digest> {
  if (layer.remote?.facts.diffId !== undefined) return layer.remote.facts.diffId;
  const meter = createMeter();
  await drain(meter.through(openTar(layer)));
  return meter.digest();
}
