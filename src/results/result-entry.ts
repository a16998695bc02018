import type { Finding } from '../check/apply-rules.ts';
import { parseFindings } from '../check/parse-findings.ts';
import { Failure } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { parseJsonObject } from '../lib/parse-json.ts';
import { type Descriptor, isDescriptor } from '../oci/blob.ts';
import { checkImage } from '../oci/check-image.ts';
import { diffIdsOf, type ImageConfig, parseConfig } from '../oci/config.ts';
import { isDigest } from '../oci/digest.ts';
import { layerEncoding, mediaTypeOf, type NamedImage } from '../oci/image.ts';
import type { LayerContents } from '../oci/layer-contents.ts';
import { layerFactsOf, withFacts } from '../oci/layer-facts.ts';
import { isStorePath } from '../store-path.ts';
import { resultFormat } from './result-key.ts';

/** What a run built: all that a later run needs to label and push the same images, except the blobs of their layers. */
export interface Result {
  /** Time of the build, RFC 3339. */
  readonly time: string;
  /** Page of that run, if it has one. */
  readonly run: string | undefined;
  readonly nixVersion: string;
  /** One list per image of the step, with one entry per platform. */
  readonly images: readonly (readonly BuiltResult[])[];
}

/** An image for one platform, without the labels that a run adds. */
export interface BuiltResult {
  /** Store path of the derivation. */
  readonly drvPath: string;
  readonly config: ImageConfig;
  /** Annotations of the manifest that the image came with. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly base: NamedImage | undefined;
  /** Nix's metadata of the package; undefined if it has none. */
  readonly meta: PackageFacts | undefined;
  /** What the check said of it; empty if it was off, which is in the key too. */
  readonly findings: readonly Finding[];
  /** From the lowest to the topmost. */
  readonly layers: readonly BuiltLayer[];
}

interface BuiltLayer {
  /** The descriptor, with the facts about its layer. */
  readonly descriptor: Descriptor;
  /** A description of its content, for people. */
  readonly contents: LayerContents | undefined;
}

interface PackageFacts {
  readonly description: string | null;
  readonly license: string | null;
  readonly homepage: string | null;
  readonly version: string | null;
}

/** Largest entry, in bytes: four configs of the largest size that registries accept, in base 64. */
export const largestEntry = 24 << 20;
/** The most layers that engines can stack. */
const mostLayers = 127;
/** Longest name, address or text about a package, in characters. */
const longestText = 4096;

/**
 * The JSON text of an entry. It contains the key, so that a reader can refuse an entry that was saved under another
 * key.
 */
export function formatResult(key: string, { images, ...result }: Result): string {
  const format = ({ config, ...image }: BuiltResult) => ({
    ...image,
    config: Buffer.from(config.bytes).toString('base64'),
  });
  return JSON.stringify({
    format: resultFormat,
    key,
    ...result,
    images: images.map(platforms => platforms.map(format)),
  });
}

/** Parses and checks an entry. A Failure unless it is a result of this key, and its images could be pushed. */
export function parseResult(text: Uint8Array, key: string): Result {
  const json = parseJsonObject(text, 'the entry', { largest: largestEntry });
  if (json.format !== resultFormat) throw new Failure(`its format is not ${resultFormat}`);
  if (json.key !== key) throw new Failure('it was saved under another key');
  const { time, run, nixVersion, images } = json;
  if (typeof time !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time)) throw new Failure('it has no time');
  if (run !== undefined && !isWebAddress(run)) throw new Failure('its run is not a web address');
  if (typeof nixVersion !== 'string' || !/^\d[\w.+-]{0,50}$/.test(nixVersion))
    throw new Failure('it has no version of Nix');
  return {
    time,
    run,
    nixVersion,
    images: listOf(images, 'images').map(platforms => listOf(platforms, 'platforms').map(parseBuilt)),
  };
}

function isWebAddress(value: unknown): value is string {
  return isText(value) && /^https?:\/\/[!-~]+$/.test(value);
}

function parseBuilt(value: unknown): BuiltResult {
  const {
    drvPath,
    config: encoded,
    annotations,
    base,
    meta,
    findings,
    layers: list,
  } = isObject(value) ? value : ({} as Json);
  if (!isStorePath(drvPath)) throw new Failure('it has an image without a derivation');
  if (typeof encoded !== 'string') throw new Failure('it has an image without a config');
  const config = parseConfig(Buffer.from(encoded, 'base64'), 'its config');
  const layers = listOf(list, 'layers').map(parseLayer);
  const diffIds = diffIdsOf(config);
  checkImage({ config, layers });
  if (layers.length > mostLayers) throw new Failure(`it has an image with ${layers.length} layers`);
  if (diffIds?.some((diffId, i) => diffId !== layerFactsOf((layers[i] as BuiltLayer).descriptor)?.diffId)) {
    throw new Failure('a config in it lists other diffIDs than its layers have');
  }
  return {
    drvPath,
    config,
    annotations: parseAnnotations(annotations),
    base: parseBase(base),
    meta: parseMeta(meta),
    findings: parseFindings(findings),
    layers,
  };
}

function parseLayer(value: unknown): BuiltLayer {
  const { descriptor, contents } = isObject(value) ? value : ({} as Json);
  return { descriptor: parseDescriptor(descriptor), contents: parseContents(contents) };
}

function parseDescriptor(value: unknown): Descriptor {
  const facts = isDescriptor(value) ? layerFactsOf(value) : undefined;
  if (!isDescriptor(value) || facts === undefined)
    throw new Failure('it has a layer without a digest, a size or a diffID');
  const { mediaType, digest, size } = value;
  if (!Object.values(mediaTypeOf).includes(mediaType) || layerEncoding(value, facts.diffId) === undefined) {
    throw new Failure('it has a layer whose media type is not one of a layer');
  }
  if (![facts.compression ?? '', facts.identity ?? ''].every(isText))
    throw new Failure('it has a layer with a name that is too long');
  return withFacts({ mediaType, digest, size }, facts);
}

function parseContents(value: unknown): LayerContents | undefined {
  if (value === undefined) return undefined;
  const { paths, history } = isObject(value) ? value : ({} as Json);
  if (!Array.isArray(paths) || !paths.every(isLayerPath) || typeof history !== 'string') {
    throw new Failure('it has a layer with malformed contents');
  }
  return { paths, history };
}

function isLayerPath(value: unknown): value is LayerContents['paths'][number] {
  const { path, narSize } = isObject(value) ? value : ({} as Json);
  return isText(path) && (narSize === undefined || (Number.isSafeInteger(narSize) && Number(narSize) >= 0));
}

function parseAnnotations(value: unknown): Readonly<Record<string, string>> {
  if (isObject(value) && Object.values(value).every(isText)) return value as Record<string, string>;
  throw new Failure('it has an image without annotations');
}

function parseBase(value: unknown): NamedImage | undefined {
  if (value === undefined) return undefined;
  const { name, digest } = isObject(value) ? value : ({} as Json);
  if (isText(name) && typeof digest === 'string' && isDigest(digest)) return { name, digest };
  throw new Failure('it has a base without a name or a digest');
}

function parseMeta(value: unknown): PackageFacts | undefined {
  if (value === undefined) return undefined;
  const json = isObject(value) ? value : ({} as Json);
  const text = (name: string) => {
    const found = json[name];
    if (found === null || isText(found)) return found;
    throw new Failure(`what it says about a package lacks the ${name}`);
  };
  return {
    description: text('description'),
    license: text('license'),
    homepage: text('homepage'),
    version: text('version'),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new Failure(`it has no ${name}`);
}
