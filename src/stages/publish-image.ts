import type { Host } from '../host.ts';
import type { Inputs } from '../inputs.ts';
import { loadIntoEngine } from '../local/load-engine.ts';
import { writeOutput } from '../local/write-output.ts';
import type { Metadata } from '../metadata/compute-metadata.ts';
import { createdOf, labelsOf, platformOf } from '../oci/config.ts';
import { type PackedImage, packImage } from '../pack/pack-image.ts';
import type { Uploaded } from '../registry/blobs.ts';
import type { Destination } from '../registry/destination.ts';
import { isUnknownBlob } from '../registry/registry-error.ts';
import { formatSize } from '../report/format-size.ts';
import type { LayerState, RunResult } from '../report/result.ts';
import type { LabelledImage } from './label-image.ts';

export type Published = Omit<RunResult, 'nixVersion' | 'metadata'>;

interface PublishContext {
  readonly inputs: Inputs;
  readonly metadata: Metadata;
  readonly host: Host;
}

/** Packs and pushes. Blobs that are not there although a manifest says so are made and sent after all. */
export async function publishImage(
  image: LabelledImage,
  destination: Destination,
  context: PublishContext,
): Promise<Published> {
  const { inputs, host } = context;
  try {
    return await packAndPush(image, destination, context);
  } catch (error) {
    if (inputs.reuse === 'off' || !isUnknownBlob(error)) throw error;
    host.log.warning(
      `${error.message} The registry has lost layers that its manifests list, so all are made and sent anew.`,
    );
    return packAndPush(image, destination, { ...context, inputs: { ...inputs, reuse: 'off' } });
  }
}

/** Sends each layer as soon as it is packed; manifest and tags come last. */
async function packAndPush(
  { image, annotations }: LabelledImage,
  destination: Destination,
  { inputs, metadata, host }: PublishContext,
): Promise<Published> {
  const { log, temporary } = host;
  const states = new Map<string, LayerState>();
  const packed = await packImage(image, {
    directory: temporary,
    annotations,
    compression: inputs.compression,
    reuse: inputs.reuse,
    known: inputs.reuse === 'off' ? new Map() : await destination.readKnown(),
    onFalseClaim: log.warning,
    async onLayer({ descriptor, open, known }) {
      const state = stateOf(await destination.upload({ descriptor, open }, known?.place), inputs);
      states.set(descriptor.digest, state);
      log.info(`${descriptor.digest}  ${formatSize(descriptor.size)}  ${state}`);
    },
  });
  await destination.upload(packed.configBlob);
  if (!inputs.dryRun) await keepHere(packed, { inputs, metadata, host });
  await destination.publish(packed.manifest);
  return {
    ...factsOf(packed),
    layers: packed.layers.map(({ descriptor, diffId }) => ({
      descriptor,
      diffId,
      state: states.get(descriptor.digest) ?? 'not pushed',
    })),
    references: metadata.references,
    pushed: inputs.push && !inputs.dryRun,
    uploadedBytes: destination.uploadedBytes(),
  };
}

/** Writes and loads the image on this machine, where that was asked for. */
async function keepHere(packed: PackedImage, { inputs, metadata, host }: PublishContext): Promise<void> {
  const { log, env, resolve } = host;
  const { references } = metadata;
  if (inputs.output !== undefined) {
    await writeOutput(packed, references, { ...inputs.output, path: resolve(inputs.output.path) });
    log.info(`Wrote ${inputs.output.kind}:${inputs.output.path}`);
  }
  if (inputs.load) log.info(`Loaded into ${await loadIntoEngine(packed, references, env)}`);
}

function stateOf(outcomes: readonly Uploaded[], { dryRun }: Inputs): LayerState {
  if (outcomes.length === 0) return 'not pushed';
  if (outcomes.includes('uploaded')) return dryRun ? 'would be uploaded' : 'uploaded';
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
