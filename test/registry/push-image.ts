import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Waits } from '../../src/lib/http/retry.ts';
import type { Timeouts } from '../../src/lib/http/timeout.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { mediaTypes } from '../../src/oci/blob.ts';
import { configOf } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Image, Layer } from '../../src/oci/image.ts';
import { parseReference } from '../../src/oci/reference.ts';
import type { Compression } from '../../src/pack/compression.ts';
import { createPacker, packImage } from '../../src/pack/pack-image.ts';
import type { Reuse } from '../../src/pack/reuse-layer.ts';
import { openDestination } from '../../src/registry/push/destination.ts';
import { type IfExists, moveTags } from '../../src/registry/push/move-tags.ts';
import type { Log } from '../../src/runtime.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A layer of so many bytes that do not compress, the same for the same name, with an identity. */
export function layerOf(name: string, size: number): Layer {
  const bytes = createHash('shake256', { outputLength: size }).update(name).digest();
  return {
    diffId: digestOf(bytes),
    identity: `layer ${name}`,
    encoding: 'tar',
    async *open() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
  };
}

export function imageOf(layers: readonly Layer[], labels: Readonly<Record<string, string>> = {}): Image {
  const config = { Labels: labels };
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  return { config: configOf({ architecture: 'amd64', os: 'linux', config, rootfs }), layers };
}

export interface PushOptions {
  /** Full references. */
  readonly tags: readonly string[];
  readonly reuseFrom?: readonly string[];
  readonly reuse?: Reuse;
  readonly compression?: Compression;
  readonly login?: { readonly username: string; readonly password: string };
  readonly preflight?: boolean;
  readonly dryRun?: boolean;
  readonly ifExists?: IfExists;
  readonly cancelled?: AbortSignal;
  /** Where the log goes, of a push that fails too. */
  readonly log?: string[];
  readonly insecure?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly waits?: Waits;
  readonly timeouts?: Timeouts;
}

export interface Pushed {
  readonly digest: string;
  readonly uploadedBytes: number;
  /** Blob by blob, the config last. */
  readonly outcomes: readonly string[];
  readonly log: readonly string[];
}

/** Pushes as a run does, from the preflight to the last tag; layers are packed into `directory`. */
export async function pushImage(image: Image, directory: string, options: PushOptions): Promise<Pushed> {
  const { reuse = 'off', waits = { first: 1, longest: 20 }, timeouts, insecure = [], preflight = true } = options;
  const { log = [] } = options;
  // Nobody's logins: the home directory is an empty one.
  const env = { HOME: '/nonexistent', ...options.env };
  const transport = openTransport({ insecureHosts: insecure, env, ...(timeouts === undefined ? {} : { timeouts }) });
  try {
    const references = options.tags.map(parseReference);
    const reuseFrom = (options.reuseFrom ?? []).map(parseReference);
    const hosts = new Set([...references, ...reuseFrom].map(({ host }) => host));
    const destination = await openDestination(
      {
        references,
        reuseFrom,
        preflight,
        dryRun: options.dryRun ?? false,
      },
      {
        transport,
        insecureRegistries: insecure,
        env,
        log: logInto(log),
        waits,
        ...(options.login === undefined ? {} : { login: { ...options.login, hosts } }),
      },
    );
    const outcomes: string[] = [];
    const known = reuse === 'off' ? undefined : await destination.readKnown();
    const packed = await packImage(image, {
      packer: createPacker(directory),
      annotations: {},
      compression: options.compression,
      reuse,
      known: known?.layers ?? new Map(),
      onFalseClaim: message => log.push(`warning: ${message}`),
      async onLayer({ descriptor, open, known }) {
        outcomes.push(...(await destination.upload({ descriptor, open }, known?.repository)));
      },
    });
    const configPlace = known && (known.configs.get(packed.configBlob.descriptor.digest)?.place ?? 'new');
    outcomes.push(...(await destination.upload(packed.configBlob, configPlace)));
    const { manifest } = packed;
    await destination.putManifest(manifest);
    await moveTags(
      destination.tags.map(tag => ({ ...tag, manifest })),
      {
        ifExists: options.ifExists ?? 'overwrite',
        log: logInto(log),
        cancelled: options.cancelled ?? new AbortController().signal,
      },
    );
    const { digest } = packed.manifest.descriptor;
    return { digest, uploadedBytes: destination.uploadedBytes(), outcomes, log };
  } finally {
    await transport.close();
  }
}

export function logInto(lines: string[]): Log {
  const write = (prefix: string) => (text: string) => {
    lines.push(`${prefix}${text}`);
  };
  return {
    info: write(''),
    notice: write('notice: '),
    warning: write('warning: '),
    debug: () => {},
    group: (_, body) => body(),
    secret: () => {},
    activity: () => ({ add() {}, end() {} }),
    masked: String,
  };
}

/** Pushes with a directory of its own. */
export async function push(t: Parameters<typeof temporaryDirectory>[0], image: Image, options: PushOptions) {
  return pushImage(image, await temporaryDirectory(t), options);
}

/**
 * The digests of the images under references of one host, undefined where there is none. Every part of each is fetched
 * and must have its digest.
 */
export async function readBack(...references: readonly string[]): Promise<(string | undefined)[]> {
  const complete = new Set<string>();
  const digests: (string | undefined)[] = [];
  for (const reference of references) {
    const { host, path, tag } = parseReference(reference);
    const base = `http://${host}/v2/${path}`;
    const manifest = await get(`${base}/manifests/${tag}`);
    const digest = manifest.status === 404 ? undefined : digestOf(manifest.bytes);
    digests.push(digest);
    if (digest === undefined || complete.has(digest)) continue;
    assert.equal(manifest.status, 200, `${reference}: ${manifest.bytes}`);
    const { config, layers } = JSON.parse(manifest.bytes.toString());
    for (const part of [config, ...layers]) {
      const blob = await get(`${base}/blobs/${part.digest}`);
      assert.equal(blob.status, 200, `${part.digest} of ${reference}`);
      assert.equal(blob.bytes.length, part.size);
      assert.equal(digestOf(blob.bytes), part.digest);
    }
    complete.add(digest);
  }
  return digests;
}

async function get(url: string) {
  // distribution has no OCI manifest for who does not ask for one.
  const response = await fetch(url, { headers: { accept: `${mediaTypes.manifest}, */*` } });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}
