import type { Host } from '../host.ts';
import type { Inputs } from '../inputs.ts';
import { loadIntoEngine } from '../local/load-engine.ts';
import { writeOutput } from '../local/write-output.ts';
import { createdOf, labelsOf, platformOf } from '../oci/config.ts';
import type { Image } from '../oci/image.ts';
import { type PackedImage, packImage } from '../pack/pack-image.ts';
import type { Uploaded } from '../registry/blobs.ts';
import type { Destination } from '../registry/destination.ts';
import { isUnknownBlob } from '../registry/registry-error.ts';
import { formatSize } from '../report/format-size.ts';
import type { LayerState, RunResult } from '../report/result.ts';

export type Published = Omit<RunResult, 'nixVersion'>;

/** Packs and pushes. Blobs that are not there although a manifest says so are made and sent after all. */
export async function publishImage(
  image: Image,
  destination: Destination,
  { inputs, host }: { readonly inputs: Inputs; readonly host: Host },
): Promise<Published> {
  try {
    return await packAndPush(image, destination, { inputs, host });
  } catch (error) {
    if (inputs.reuse === 'off' || !isUnknownBlob(error)) throw error;
    host.log.warning(
      `${error.message} The registry has lost layers that its manifests list, so all are made and sent anew.`,
    );
    return packAndPush(image, destination, { inputs: { ...inputs, reuse: 'off' }, host });
  }
}

/** Sends each layer as soon as it is packed; manifest and tags come last. */
async function packAndPush(
  image: Image,
  destination: Destination,
  { inputs, host }: { readonly inputs: Inputs; readonly host: Host },
): Promise<Published> {
  const { log, env, temporary } = host;
  const states = new Map<string, LayerState>();
  const packed = await packImage(image, {
    directory: temporary,
    annotations: inputs.annotations,
    compression: inputs.compression,
    reuse: inputs.reuse,
    known: inputs.reuse === 'off' ? new Map() : await destination.readKnown(),
    onFalseClaim: log.warning,
    async onLayer({ descriptor, open, known }) {
      const state = stateOf(await destination.upload({ descriptor, open }, known?.place));
      states.set(descriptor.digest, state);
      log.info(`${descriptor.digest}  ${formatSize(descriptor.size)}  ${state}`);
    },
  });
  await destination.upload(packed.configBlob);
  if (inputs.output !== undefined) {
    await writeOutput(packed, inputs.tags, { ...inputs.output, path: host.resolve(inputs.output.path) });
    log.info(`Wrote ${inputs.output.kind}:${inputs.output.path}`);
  }
  if (inputs.load) log.info(`Loaded into ${await loadIntoEngine(packed, inputs.tags, env)}`);
  await destination.publish(packed.manifest);
  return {
    ...factsOf(packed),
    layers: packed.layers.map(({ descriptor, diffId }) => ({
      descriptor,
      diffId,
      state: states.get(descriptor.digest) ?? 'not pushed',
    })),
    references: inputs.tags,
    pushed: inputs.push,
    uploadedBytes: destination.uploadedBytes(),
  };
}

function stateOf(outcomes: readonly Uploaded[]): LayerState {
  if (outcomes.length === 0) return 'not pushed';
  if (outcomes.includes('uploaded')) return 'uploaded';
  return outcomes.includes('mounted') ? 'mounted' : 'already there';
}

function factsOf({ manifest, configBlob, config }: PackedImage) {
  return {
    manifest: manifest.descriptor,
    configDigest: configBlob.descriptor.digest,
    platform: platformOf(config),
    created: createdOf(config),
    labels: labelsOf(config),
  };
}
