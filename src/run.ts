import type { Host } from './host.ts';
import { openImage } from './image/open-image.ts';
import type { Inputs } from './inputs.ts';
import { createPool } from './lib/pool.ts';
import { loadIntoEngine } from './local/load-engine.ts';
import { writeOutput } from './local/write-output.ts';
import { resolveCreated } from './metadata/created.ts';
import { deriveLabels } from './metadata/derive-labels.ts';
import { build } from './nix/build.ts';
import { openNix } from './nix/toolchain.ts';
import { createdOf, labelsOf, platformOf, withChanges } from './oci/config.ts';
import type { Image } from './oci/image.ts';
import { type PackedImage, packImage } from './pack/pack-image.ts';
import { openTargets, publishManifest, type Target, uploadToAll } from './registry/push.ts';
import { openTransport } from './registry/transport.ts';
import { formatSize } from './report/format-size.ts';
import type { LayerState, RunResult } from './report/result.ts';

/** The story of the action: from inputs to an image that is built, labelled and pushed. Rooms do the work, in this order. */
export async function run(inputs: Inputs, host: Host): Promise<RunResult> {
  const { path, nixVersion } = await buildImage(inputs, host);
  const image = await host.log.group('Image', () => labelledImage(path, inputs, host));
  return host.log.group('Push', async () => ({ ...(await publish(image, inputs, host)), nixVersion }));
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

/** Packs the image, and sends each layer as soon as it is packed; manifest and tags come last. */
async function publish(image: Image, inputs: Inputs, host: Host): Promise<Omit<RunResult, 'nixVersion'>> {
  const { log, env, temporary } = host;
  const transport = openTransport(inputs.insecureRegistries);
  try {
    const targets = inputs.push ? await openTargets(inputs.tags, { ...inputs, transport, env, log }) : [];
    const uploads = createUploads(targets);
    const packed = await packImage(image, {
      directory: temporary,
      annotations: inputs.annotations,
      onLayer: async layer => {
        const state = await uploads.send(layer);
        log.info(`${layer.descriptor.digest}  ${formatSize(layer.descriptor.size)}  ${state}`);
      },
    });
    await uploads.send(packed.configBlob);
    if (inputs.output !== undefined) {
      await writeOutput(packed, inputs.tags, { ...inputs.output, path: host.resolve(inputs.output.path) });
      log.info(`Wrote ${inputs.output.kind}:${inputs.output.path}`);
    }
    if (inputs.load) log.info(`Loaded into ${await loadIntoEngine(packed, inputs.tags, env)}`);
    await publishManifest(targets, packed.manifest, log);
    return resultOf(packed, inputs, uploads);
  } finally {
    await transport.close();
  }
}

type Uploads = ReturnType<typeof createUploads>;

/** Layers go up side by side, a few at a time, as docker and crane do. */
const uploadsAtATime = 5;

function createUploads(targets: readonly Target[]) {
  const pool = createPool(uploadsAtATime);
  const states = new Map<string, LayerState>();
  let bytes = 0;
  return {
    async send(blob: PackedImage['configBlob']): Promise<LayerState> {
      const outcomes = await pool(() => uploadToAll(targets, blob));
      const sent = outcomes.filter(outcome => outcome === 'uploaded').length;
      bytes += sent * blob.descriptor.size;
      const state = targets.length === 0 ? 'not pushed' : sent > 0 ? 'uploaded' : 'already there';
      states.set(blob.descriptor.digest, state);
      return state;
    },
    stateOf: (digest: string): LayerState => states.get(digest) ?? 'not pushed',
    bytes: () => bytes,
  };
}

function resultOf(packed: PackedImage, inputs: Inputs, uploads: Uploads): Omit<RunResult, 'nixVersion'> {
  return {
    manifest: packed.manifest.descriptor,
    configDigest: packed.configBlob.descriptor.digest,
    platform: platformOf(packed.config),
    created: createdOf(packed.config),
    labels: labelsOf(packed.config),
    layers: packed.layers.map(({ descriptor, diffId }) => ({
      descriptor,
      diffId,
      state: uploads.stateOf(descriptor.digest),
    })),
    references: inputs.tags,
    pushed: inputs.push,
    uploadedBytes: uploads.bytes(),
  };
}
