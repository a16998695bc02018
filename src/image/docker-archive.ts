import { compressionOf } from '../lib/decompress.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { diffIdsOf, type ImageConfig, parseConfig } from '../oci/config.ts';
import { digestOf } from '../oci/digest.ts';
import type { Encoding, Image, Layer } from '../oci/image.ts';
import type { Archive } from '../tar/index-archive.ts';

const largestJson = 16 << 20;

interface ManifestEntry {
  readonly Config: string;
  readonly Layers: readonly string[];
  readonly RepoTags?: readonly string[] | null;
}

/**
 * The image of an archive in the format of `docker save`: `manifest.json` names a config and the layers, members in any
 * order. moby image/spec, "Combined Image JSON + Filesystem Changeset Format".
 */
export async function openDockerArchive(archive: Archive): Promise<Image> {
  const { Config, Layers } = await readManifest(archive);
  const config = await readConfig(archive, Config);
  const diffIds = diffIdsOf(config);
  if (diffIds === undefined || diffIds.length !== Layers.length) {
    throw new Failure(
      `Cannot read ${archive.what}: manifest.json lists ${Layers.length} layers, the config ${diffIds?.length ?? 'no'} diff_ids.`,
    );
  }
  const layers = await Promise.all(
    Layers.map(async (member, i): Promise<Layer> => {
      return {
        diffId: diffIds[i],
        encoding: await encodingOf(archive, member),
        size: archive.size(member),
        open: () => archive.open(member),
      };
    }),
  );
  return { config, layers };
}

async function readManifest(archive: Archive): Promise<ManifestEntry> {
  const bytes = await archive.read('manifest.json', largestJson);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new Failure(`Cannot read manifest.json of ${archive.what}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
  const entries: unknown[] = Array.isArray(json) ? json : [];
  if (entries.length > 1) {
    const names = entries.map(entry => (isManifestEntry(entry) ? (entry.RepoTags ?? []).join(' ') : '?'));
    throw new Failure(
      `Cannot choose an image from ${archive.what}: it holds ${entries.length} (${names.join(', ')}). Build an archive of one.`,
    );
  }
  const [entry] = entries;
  if (isManifestEntry(entry)) return entry;
  throw new Failure(
    `Cannot read manifest.json of ${archive.what}: it is not a list of one image with Config and Layers.`,
  );
}

function isManifestEntry(value: unknown): value is ManifestEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { Config, Layers, RepoTags } = value as Record<string, unknown>;
  return (
    typeof Config === 'string' &&
    isStrings(Layers) &&
    (RepoTags === undefined || RepoTags === null || isStrings(RepoTags))
  );
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

/** A config that is named after its digest, as all known writers do, must have that digest. */
async function readConfig(archive: Archive, member: string): Promise<ImageConfig> {
  const bytes = await archive.read(member, largestJson);
  const promised = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(member)?.[1];
  if (promised !== undefined && digestOf(bytes) !== `sha256:${promised}`) {
    throw new Failure(
      `Cannot use ${archive.what}: its config "${member}" has the digest ${digestOf(bytes)}, not the one it is named after.`,
    );
  }
  return parseConfig(bytes, `the config "${member}" of ${archive.what}`);
}

async function encodingOf(archive: Archive, member: string): Promise<Encoding> {
  for await (const start of archive.open(member)) {
    const compression = compressionOf(start);
    if (compression === undefined) return 'tar';
    if (compression === 'gzip' || compression === 'zstd') return compression;
    throw new Failure(
      `Cannot read the layer "${member}" of ${archive.what}: ${compression} is not understood; plain, gzip and zstd are.`,
    );
  }
  throw new Failure(`Cannot read the layer "${member}" of ${archive.what}: it is empty.`);
}
