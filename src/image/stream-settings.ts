import { parse as parseLossless } from 'lossless-json';
import { Failure } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { parseJsonObject } from '../lib/parse-json.ts';
import { isInStore, isStorePath, storeDirectory } from '../store-path.ts';
import { envOf, mergeEnv } from './merge-env.ts';
import type { StreamOwner } from './store-layer/stream-layer.ts';

/** The settings that `dockerTools.streamLayeredImage` passes to its script as `…-conf.json`. */
export interface StreamSettings {
  readonly architecture: string;
  /** The `config` of the image config, as the user wrote it. */
  readonly config: Json;
  /** In the format of Python's `isoformat`. */
  readonly created: string;
  /** `name:tag` */
  readonly repoTag: string;
  /** A docker-archive to build on. */
  readonly fromImage: string | undefined;
  /** Store paths of each layer, from the base upwards. A layer may be empty. */
  readonly storeLayers: readonly (readonly string[])[];
  /** Store path with `layer.tar`, the top layer, and its `checksum`. */
  readonly customisationLayer: string;
  /** Attributes of every entry of the store layers. */
  readonly owner: StreamOwner;
  /** Whether `mtime` is the time of the run, so every run makes other layers. */
  readonly isTimeNow: boolean;
}

/** The parts of a base image that the image takes over. */
export interface StreamBase {
  /** Names of the layers in the archive, from `[].Layers` of its manifest.json. */
  readonly layerNames: readonly string[];
  readonly env: readonly string[];
}

/** Most bytes of Nix's description of an image: settings of a stream, or the `image.json` of nix2container. */
export const longestSettings = 64 << 20;

const knownKeys = new Set([
  ...['architecture', 'config', 'os', 'store_dir', 'from_image', 'store_layers', 'customisation_layer', 'repo_tag'],
  ...['created', 'mtime', 'uid', 'gid', 'uname', 'gname'],
]);

interface StreamSource {
  readonly file: string;
  readonly now: number;
  /** The directory of the store. */
  readonly store?: string | undefined;
}

/**
 * Reads the settings of a stream. Older nixpkgs omit `uid`, `gid`, `uname`, `gname` (0, 0, root, root) and `mtime`
 * (`created`). Settings may come from anyone, so they may name only paths in the store. `now`, in milliseconds, is the
 * value of the time "now"; `file` names the settings in errors.
 */
export function parseStreamSettings(text: string, { file, now, store = storeDirectory }: StreamSource): StreamSettings {
  const json = parseJsonObject(text, file, { parse: parseLossless, largest: longestSettings });
  const { conf, fail, string, integer } = readerOf(json, file);
  const { unknown } = keysOfSettings(text, file);
  if (unknown.length > 0) {
    throw new Failure(
      `Cannot read ${file}: its "${unknown.join('", "')}" is unknown, so a newer nixpkgs wrote these settings. ` +
        'Update this action, or build the image as a docker-archive (dockerTools.buildLayeredImage).',
    );
  }
  const time = (key: string, fallback?: string) =>
    parseTime(string(key, fallback), now) ?? fail(key, '"now" or a time such as 1970-01-01T00:00:01+00:00');
  const created = time('created');
  const mtime = time('mtime', string('created'));
  const pathInStore = (key: string, isRight: typeof isInStore) =>
    isRight(string(key), store) ? string(key) : fail(key, `a path in ${store}`);
  if (string('os') !== 'linux') fail('os', '"linux"');
  if (string('store_dir') !== store) fail('store_dir', `${store}, the store of this machine`);
  return {
    architecture: string('architecture'),
    config: isObject(conf.config) ? conf.config : fail('config', 'an object'),
    created: created.text,
    repoTag: string('repo_tag'),
    fromImage: conf.from_image === null ? undefined : pathInStore('from_image', isInStore),
    storeLayers: isStoreLayers(conf.store_layers, store)
      ? conf.store_layers
      : fail('store_layers', `a list of lists of paths in ${store}`),
    customisationLayer: pathInStore('customisation_layer', isStorePath),
    owner: {
      mtime: mtime.seconds,
      uid: integer('uid'),
      gid: integer('gid'),
      uname: string('uname', 'root'),
      gname: string('gname', 'root'),
    },
    isTimeNow: mtime.isNow,
  };
}

interface SettingsKeys {
  readonly keys: readonly string[];
  /** Keys that this program does not know; a newer script may use them. */
  readonly unknown: readonly string[];
  /** The docker-archive to build on. */
  readonly base: string | undefined;
}

/** The keys and the base in settings, without reading them strictly. */
export function keysOfSettings(text: string, file: string): SettingsKeys {
  const conf = parseJsonObject(text, file, { largest: longestSettings });
  const keys = Object.keys(conf);
  const base = typeof conf.from_image === 'string' ? conf.from_image : undefined;
  return { keys, unknown: keys.filter(key => !knownKeys.has(key)), base };
}

/** Reads typed values of the settings; a missing key gets the fallback, and a value of another type is a Failure. */
function readerOf(conf: Json, file: string) {
  const fail = (key: string, description: string): never => {
    throw new Failure(`Cannot read ${file}: "${key}" is not ${description}.`);
  };
  const string = (key: string, fallback?: string): string => {
    const value = Object.hasOwn(conf, key) ? conf[key] : fallback;
    return typeof value === 'string' ? value : fail(key, 'a string');
  };
  // The script gets its numbers as strings.
  const integer = (key: string): number => {
    const text = string(key, '0');
    return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : fail(key, 'a whole number in quotes');
  };
  return { conf, fail, string, integer };
}

/**
 * The image config of a stream, in the key order of `stream_layered_image.py`. `rootfs.diff_ids` is omitted, because
 * only reading the layers determines them. Like the script, it takes over only `Env` of the base image's config.
 */
export function streamConfig(settings: StreamSettings, base: StreamBase = { layerNames: [], env: [] }): Json {
  const { architecture, created, config, storeLayers, customisationLayer } = settings;
  const env = settings.fromImage === undefined ? [] : mergeEnv(base.env, envOf(config, 'the image'));
  const layers = [...base.layerNames.map(name => [name]), ...storeLayers, [customisationLayer]];
  return {
    created,
    architecture,
    os: 'linux',
    config: env.length === 0 ? config : { ...config, Env: env },
    rootfs: { type: 'layers' },
    history: layers.map(paths => ({ created, comment: `store paths: [${paths.map(pythonRepr).join(', ')}]` })),
  };
}

function parseTime(text: string, now: number): { text: string; seconds: number; isNow: boolean } | undefined {
  if (text === 'now') {
    const iso = new Date(now).toISOString().replace('Z', '000+00:00');
    return { text: iso, seconds: Math.floor(now / 1000), isNow: true };
  }
  const milliseconds = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(text) || Number.isNaN(milliseconds)) return undefined;
  return { text, seconds: milliseconds / 1000, isNow: false };
}

function isStoreLayers(value: unknown, store: string): value is string[][] {
  const isPath = (path: unknown) => isStorePath(path, store);
  return Array.isArray(value) && value.every(layer => Array.isArray(layer) && layer.every(isPath));
}

/** A string as Python's `repr` prints it. */
function pythonRepr(text: string): string {
  // The usual case; compiling the expression below takes a millisecond.
  if (/^[ -~]*$/.test(text) && !/['\\]/.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const special = new RegExp(`[${quote}\\\\]|(?! )[\\p{C}\\p{Z}]`, 'gu');
  return quote + text.replace(special, pythonEscape) + quote;
}

function pythonEscape(char: string): string {
  const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  if (/['"\\]/.test(char)) return `\\${char}`;
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return named[char] ?? `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
