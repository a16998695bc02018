import { Failure } from '../lib/failure.ts';
import { type Descriptor, isDescriptor, mediaTypes } from '../oci/blob.ts';
import { diffIdsOf, parseConfig } from '../oci/config.ts';
import type { Digest } from '../oci/digest.ts';
import { type Encoding, type Image, type Layer, mediaTypeOf } from '../oci/image.ts';
import { formatRepository } from '../oci/reference.ts';
import { openBlob, readBlob } from './blobs.ts';
import { getManifest } from './manifests.ts';
import type { RepositoryClient } from './registry.ts';

/** Media types of layers, OCI's and Docker's, and how such a layer is encoded. */
const encodings: Readonly<Record<string, Encoding>> = {
  [mediaTypes.layerTar]: 'tar',
  [mediaTypes.layerGzip]: 'gzip',
  [mediaTypes.layerZstd]: 'zstd',
  'application/vnd.docker.image.rootfs.diff.tar': 'tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip': 'gzip',
};

/**
 * An image in a registry, by tag or digest; of an index the manifest for `platform` (`os/architecture[/variant]`).
 * Layers are not read: they are blobs of that repository, to be mounted or sent on as they are.
 */
export async function openRemoteImage(client: RepositoryClient, name: string, platform: string): Promise<Image> {
  const what = `${formatRepository(client.repository)} (${name})`;
  const manifest = await readImageManifest(client, { name, platform, what });
  const config = parseConfig(await readBlob(client, manifest.config), `the config of ${what}`);
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== manifest.layers.length) {
    throw new Failure(
      `Cannot use ${what}: it lists ${manifest.layers.length} layers, its config ${diffIds.length} diff_ids.`,
    );
  }
  return {
    config,
    layers: manifest.layers.map((descriptor, i) => remoteLayer(client, descriptor, diffIds[i] as Digest)),
  };
}

interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

interface Wanted {
  readonly name: string;
  readonly platform: string;
  readonly what: string;
}

async function readImageManifest(client: RepositoryClient, wanted: Wanted, isNested = false): Promise<ImageManifest> {
  const { name, platform, what } = wanted;
  const json = parseManifest(await getManifest(client, name), what);
  if (Array.isArray(json.manifests) && !isNested) {
    const entries: { digest: string; platform?: { os?: string; architecture?: string; variant?: string } }[] =
      json.manifests;
    const nameOf = ({ platform: of = {} }: (typeof entries)[number]) =>
      [of.os, of.architecture, of.variant].filter(Boolean).join('/');
    const [entry, ...more] = entries.filter(
      item => nameOf(item) === platform || nameOf(item).startsWith(`${platform}/`),
    );
    if (entry !== undefined && more.length === 0) {
      return readImageManifest(client, { ...wanted, name: entry.digest }, true);
    }
    throw new Failure(
      `Cannot choose an image for ${platform} from ${what}: it has ${entries.map(nameOf).join(', ')}. Name one by its digest.`,
    );
  }
  if (isDescriptor(json.config) && Array.isArray(json.layers) && json.layers.every(isDescriptor)) return json;
  throw new Failure(
    `Cannot use ${what}: it is not an image that is understood (${json.mediaType ?? 'no media type'}).`,
  );
}

// biome-ignore lint/suspicious/noExplicitAny: what it is is found out by its caller
function parseManifest(bytes: Buffer, what: string): any {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    // Told below.
  }
  throw new Failure(`Cannot use ${what}: its manifest is not a JSON object.`);
}

function remoteLayer(client: RepositoryClient, descriptor: Descriptor, diffId: Digest): Layer {
  const { mediaType, digest, size } = descriptor;
  const encoding = encodings[mediaType];
  if (encoding === undefined) {
    throw new Failure(
      `Cannot use ${formatRepository(client.repository)}: its layer ${digest} is of the type ${mediaType}.`,
    );
  }
  // Docker's types must not stand in an OCI manifest; the bytes are the same.
  const blob = { mediaType: mediaTypeOf[encoding], digest, size };
  const open = () => openBlob(client, blob);
  const remote = { descriptor: blob, facts: { diffId }, place: client.repository, open };
  return { diffId, encoding, size, descriptor: blob, remote, open };
}
