import { areStorePaths, mostLayers } from '../../cache/manifest.ts';
import { Failure } from '../../lib/failure.ts';
import { isObject } from '../../lib/json-object.ts';
import { type Descriptor, isDescriptor } from '../../oci/blob.ts';
import { parseResult } from '../../results/result-entry.ts';

/**
 * What to save for later runs, passed as JSON from the main to the post step: only facts. The post step itself
 * determines how to save them and with which programs.
 */
export interface SaveTask {
  /** Undefined for a binary cache. */
  readonly key?: string;
  /** Key of the entry that was restored and differs from `key`. */
  readonly base?: string;
  /** Undefined if nothing was built. */
  readonly build?: BuildTask;
  /** Blobs that the run is certain of, with their facts. */
  readonly layers: readonly Descriptor[];
}

export interface BuildTask {
  /** Store paths that this job has built for the key. */
  readonly outputs: readonly string[];
  /** Store paths that these needed or gave, and that were not there before the job. */
  readonly paths: readonly string[];
  /** Store paths of the Nix that the job installed and of its certificates, if that is to be saved too. */
  readonly toolchain: readonly string[];
}

/** A result to save. */
export interface ResultTask {
  readonly key: string;
  /** The entry under this key, as `formatResult` writes it. */
  readonly text: string;
  /** Further keys of the same result. */
  readonly others: readonly string[];
}

/** All that the post step has to save. */
export interface PostTask {
  readonly store?: SaveTask | undefined;
  readonly result?: ResultTask | undefined;
}

/** Longest key that the cache service accepts, in characters. */
const longestKey = 512;

/** Reads the tasks. A Failure unless they are what the main part writes. */
export function parsePostTask(text: string): PostTask {
  const json: unknown = JSON.parse(text);
  if (!isObject(json)) throw new Failure('the main step left a malformed task.');
  const { store, result } = json;
  return {
    ...(store === undefined ? {} : { store: parseSaveTask(store) }),
    ...(result === undefined ? {} : { result: parseResultTask(result) }),
  };
}

/** The entry is parsed as every run does that reads it. */
function parseResultTask(value: unknown): ResultTask {
  const { key, text, others } = isObject(value) ? value : {};
  const areKeys = Array.isArray(others) && others.every(other => typeof other === 'string' && isKey(other));
  if (typeof key !== 'string' || typeof text !== 'string' || !areKeys) {
    throw new Failure('the main step left a malformed task.');
  }
  parseResult(Buffer.from(text), key);
  return { key, text, others };
}

function parseSaveTask(json: unknown): SaveTask {
  const { key, base, build, layers } = isObject(json) ? json : {};
  if (
    !isKey(key) ||
    !isKey(base) ||
    !Array.isArray(layers) ||
    layers.length > mostLayers ||
    !layers.every(isDescriptor)
  ) {
    throw new Failure('the main step left a malformed task.');
  }
  return {
    ...(key === undefined ? {} : { key }),
    ...(base === undefined ? {} : { base }),
    layers,
    ...(build === undefined ? {} : { build: parseBuild(build) }),
  };
}

function isKey(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length <= longestKey);
}

function parseBuild(value: unknown): BuildTask {
  const { outputs, paths, toolchain } = isObject(value) ? value : {};
  if (areStorePaths(outputs) && areStorePaths(paths) && areStorePaths(toolchain)) return { outputs, paths, toolchain };
  throw new Failure('the main step left a task with an invalid store path.');
}
