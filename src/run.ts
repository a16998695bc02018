import type { Host } from './host.ts';
import { openImage } from './image/open-image.ts';
import type { Inputs } from './inputs.ts';
import { loadIntoEngine } from './local/load-engine.ts';
import { writeOutput } from './local/write-output.ts';
import { resolveCreated } from './metadata/created.ts';
import { deriveLabels } from './metadata/derive-labels.ts';
import { build } from './nix/build.ts';
import { openNix } from './nix/toolchain.ts';
import { createdOf, labelsOf, platformOf, withChanges } from './oci/config.ts';
import type { Image } from './oci/image.ts';
import { type PackedImage, packImage } from './pack/pack-image.ts';
import type { Uploaded } from './registry/blobs.ts';
import { type Destination, openDestination } from './registry/destination.ts';
import { isUnknownBlob } from './registry/registry-error.ts';
import { openTransport } from './registry/transport.ts';
import { formatSize } from './report/format-size.ts';
import type { LayerState, RunResult } from './report/result.ts';

/** The story of the action: from inputs to an image that is built, labelled and pushed. Rooms do the work, in this order. */
export async function run(inputs: Inputs, host: Host): Promise<RunResult> {
  const { log, env } = host;
  const transport = openTransport({ insecureHosts: inputs.insecureRegistries, env });
  try {
    const references = inputs.push ? inputs.tags : [];
    const destination = await openDestination({ ...inputs, references }, { ...inputs, transport, env, log });
    const { path, nixVersion } = await buildImage(inputs, host);
    const image = await log.group('Image', () => labelledImage(path, inputs, host));
    const packed = await log.group('Push', () => publish(image, destination, inputs, host));
    return { ...packed, nixVersion };
  } finally {
    await transport.close();
  }
}

/** Toolchain and Build; an image that is built already needs neither. */
async function buildImage(inputs: Inputs, host: Host): Promise<{ path: string; nixVersion: string | undefined }> {
  const { spec, nix: settings, githubToken } = inputs;
  if (spec.kind === 'path') return { path: host.resolve(spec.path), nixVersion: undefined };
  const toolchain = { ...settings, ...(githubToken === undefined ? {} : { githubToken }) };
  const nix = await host.log.group('Toolchain', () => openNix(toolchain, host));
  const built = await host.log.group('Build', () => build(nix, { ...inputs, spec }, host));
  return { path: built.path, nixVersion: nix.version };
}

/** The image as Nix built it, with labels and time of the workflow in its config. */
async function labelledImage(path: string, inputs: Inputs, host: Host): Promise<Image> {
  const { log, context, env, temporary } = host;
  const { image, shape } = await openImage({ path, directory: temporary, env });
  log.info(`${path}: ${shape}, ${platformOf(image.config)}, ${image.layers.length} layers`);
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

type Published = Omit<RunResult, 'nixVersion'>;

/** Blobs that are not there although a manifest says so, in a registry that lost them, are made and sent after all. */
async function publish(image: Image, destination: Destination, inputs: Inputs, host: Host): Promise<Published> {
  try {
    return await packAndPush(image, destination, inputs, host);
  } catch (error) {
    if (inputs.reuse === 'off' || !isUnknownBlob(error)) throw error;
    host.log.warning(
      `${error.message} The registry has lost layers that its manifests list, so all are made and sent anew.`,
    );
    return packAndPush(image, destination, { ...inputs, reuse: 'off' }, host);
  }
}

/** Packs the image, and sends each layer as soon as it is packed; manifest and tags come last. */
async function packAndPush(image: Image, destination: Destination, inputs: Inputs, host: Host): Promise<Published> {
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
