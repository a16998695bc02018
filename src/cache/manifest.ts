import { Failure } from '../lib/failure.ts';
import { parseJson } from '../lib/parse-json.ts';
import { isSignature } from '../nar/nix-key.ts';
import { type Descriptor, isDescriptor } from '../oci/blob.ts';
import { mediaTypeOf } from '../oci/image.ts';
import { layerFactsOf, withFacts } from '../oci/layer-facts.ts';
import { isStorePath } from '../store-path.ts';

/** A store path in an entry. */
export interface EntryPath {
  /** `/nix/store/…` */
  readonly path: string;
  /** SHA-256 of the NAR, `sha256:` and 64 hex digits. */
  readonly narHash: string;
  /** Bytes of the NAR. */
  readonly narSize: number;
  readonly references: readonly string[];
  /** The derivation that produced it, if Nix knows. */
  readonly deriver?: string;
  /** Signatures of the path, each `NAME:BASE64`. */
  readonly signatures?: readonly string[];
}

/** The manifest of an entry, stored before the NARs. */
export interface EntryManifest {
  /** Nix's name for the system that the entry was made on. */
  readonly system: string;
  /** In the order of the NARs; a path comes after everything that it refers to. */
  readonly paths: readonly EntryPath[];
  /** Layer blobs that the writer built or verified, each with its facts as annotations. */
  readonly layers: readonly Descriptor[];
  /**
   * Paths of the entry that the builds were for. Everything that they refer to is in the entry or in a binary cache.
   */
  readonly outputs: readonly string[];
  /**
   * The paths of an installation of Nix, which comes first in the entry and is complete, and of its certificates; or
   * none.
   */
  readonly toolchain: readonly string[];
}

/** Version of the whole format; each change increments it. */
export const formatVersion = 4;

/** Most bytes: a manifest of 400,000 paths. */
export const largestManifest = 128 << 20;

/** Most layers of an entry: at least eighty images, since none has more than 127. */
export const mostLayers = 10_000;

export function formatEntryManifest({ system, paths, layers, outputs, toolchain }: EntryManifest): string {
  const rows = paths.map(({ path, narHash, narSize, references, deriver, signatures = [] }) => ({
    ...{ path, narHash, narSize, references },
    ...(deriver === undefined ? {} : { deriver }),
    ...(signatures.some(isSignature) ? { signatures: signatures.filter(isSignature).slice(0, mostSignatures) } : {}),
  }));
  return JSON.stringify({ format: formatVersion, system, paths: rows, layers, outputs, toolchain });
}

/**
 * Parses and validates a manifest. A Failure unless every path is a store path, listed once, with a hash, a size, and
 * references that come earlier or are not in the entry, and every layer is a descriptor with facts.
 */
export function parseEntryManifest(text: string): EntryManifest {
  let json: unknown;
  try {
    json = parseJson(text, 'its manifest', { largest: largestManifest });
  } catch (cause) {
    throw new Failure('its manifest is not JSON', { cause });
  }
  const { format, system, paths, layers, outputs, toolchain } = (json ?? {}) as Record<string, unknown>;
  if (format !== formatVersion) throw new Failure(`its format is ${shown(format)}, not ${formatVersion}`);
  if (typeof system !== 'string' || !Array.isArray(paths) || !Array.isArray(layers)) {
    throw new Failure('its manifest lacks system, paths or layers');
  }
  if (layers.length > mostLayers) throw new Failure(`it has ${layers.length} layers`);
  const manifest = {
    system,
    paths: paths.map(parsePath),
    layers: layers.map(parseLayer),
    outputs: parseStorePaths('outputs', outputs),
    toolchain: parseStorePaths('Nix', toolchain),
  };
  checkOrder(manifest.paths);
  const held = new Set(manifest.paths.map(({ path }) => path));
  const lost = manifest.outputs.find(output => !held.has(output));
  if (lost !== undefined) throw new Failure(`it lacks its output ${lost}`);
  return manifest;
}

function parseStorePaths(name: string, value: unknown): readonly string[] {
  if (areStorePaths(value)) return value;
  throw new Failure(`its ${name} is not a list of store paths`);
}

/** The wrong value, for an error: short, however deep it is. */
function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'a list or an object' : String(value).slice(0, longestName);
}

function parsePath(value: unknown): EntryPath {
  const { path, narHash, narSize, references, deriver, signatures } = (value ?? {}) as Record<string, unknown>;
  if (!isValidPath(path)) throw new Failure(`${shown(path)} is not a store path`);
  if (typeof narHash !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(narHash)) throw new Failure(`${path} has no hash`);
  if (!Number.isSafeInteger(narSize) || (narSize as number) < 1) throw new Failure(`${path} has no size`);
  if (!areStorePaths(references)) {
    throw new Failure(`${path} has a reference that is not a store path`);
  }
  if (deriver !== undefined && !isValidPath(deriver))
    throw new Failure(`${path} has a deriver that is not a store path`);
  if (signatures !== undefined && !areSignatures(signatures)) throw new Failure(`${path} has an invalid signature`);
  return {
    ...{ path, narHash, narSize: narSize as number, references },
    ...(deriver === undefined ? {} : { deriver }),
    ...(signatures === undefined ? {} : { signatures }),
  };
}

/** More than any path is signed with. */
const mostSignatures = 20;

function areSignatures(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= mostSignatures && value.every(isSignature);
}

/** More than our names of layers and compressions have. */
const longestName = 200;

function parseLayer(value: unknown): Descriptor {
  const fail = (lack: string) => new Failure(`${shown(value)} is not a layer: ${lack}`);
  if (!isDescriptor(value)) throw fail('it is not a descriptor');
  const { mediaType, digest, size } = value;
  if (!Object.values(mediaTypeOf).includes(mediaType)) throw fail('its media type is not one of a layer');
  const facts = layerFactsOf(value);
  if (facts?.compression === undefined) throw fail('it lacks its diffID or its compression');
  if ([facts.compression, facts.identity ?? ''].some(name => name.length > longestName))
    throw fail('a name is too long');
  return withFacts({ mediaType, digest, size }, facts);
}

/** A store path whose hash is in Nix's base 32: an entry may only name paths that Nix could have created. */
function isValidPath(value: unknown): value is string {
  return isStorePath(value) && /^\/nix\/store\/[0-9a-df-np-sv-z]{32}-/.test(value);
}

/** Whether a JSON value is a list of store paths. */
export function areStorePaths(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isValidPath);
}

function checkOrder(paths: readonly EntryPath[]): void {
  const all = new Set(paths.map(({ path }) => path));
  const before = new Set<string>();
  for (const { path, references } of paths) {
    if (before.has(path)) throw new Failure(`${path} is listed twice`);
    before.add(path);
    const late = references.find(reference => all.has(reference) && !before.has(reference));
    if (late !== undefined) throw new Failure(`${path} comes before ${late}, which it refers to`);
  }
}

/**
 * The paths sorted so that each comes after everything that it refers to. References of valid paths form no cycles,
 * except to themselves.
 */
export function sortByReferences(paths: readonly EntryPath[]): EntryPath[] {
  const left = new Map(paths.map(path => [path.path, path]));
  const sorted: EntryPath[] = [];
  for (const path of paths) {
    // An explicit stack: chains of references may be longer than the call stack allows.
    for (const stack = [path]; stack.length > 0; ) {
      const top = stack.at(-1) as EntryPath;
      const next = top.references.find(reference => reference !== top.path && left.has(reference));
      if (next !== undefined) {
        stack.push(left.get(next) as EntryPath);
        continue;
      }
      stack.pop();
      if (left.delete(top.path)) sorted.push(top);
    }
  }
  return sorted;
}
