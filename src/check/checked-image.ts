import { isObject, type Json } from '../lib/json-object.ts';
import type { ImageConfig } from '../oci/config.ts';
import { type CheckedLayer, type ImageFiles, openImageFiles } from './image-files.ts';

/** The image, as rules see it. */
export interface CheckedImage {
  readonly json: Json;
  /** `config` of the image config: the settings that a container starts with. */
  readonly container: Json;
  /** Variables of `Env`. */
  readonly env: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly layers: readonly CheckedLayer[];
  readonly files: ImageFiles;
  /** `https://github.com/acme/app`: the repository of the run, if it has one. */
  readonly repositoryUrl: string | undefined;
}

export interface ImageToCheck {
  readonly config: ImageConfig;
  readonly layers: readonly CheckedLayer[];
  readonly repositoryUrl?: string | undefined;
}

/** Fields of the config that are missing or null are empty. */
export function checkedImage({ config, layers, repositoryUrl }: ImageToCheck): CheckedImage {
  const { json } = config;
  const container = isObject(json.config) ? json.config : {};
  const volumes = Object.keys(objectAt(container, 'Volumes'));
  return {
    json,
    container,
    env: new Map(textsAt(container, 'Env').map(splitVariable)),
    labels: new Map(Object.entries(objectAt(container, 'Labels')).map(([key, value]) => [key, String(value)])),
    layers,
    files: openImageFiles(layers, volumes),
    repositoryUrl,
  };
}

/** A field that is a string; empty if it is missing. */
export function textAt(json: Json, field: string): string {
  const value = json[field];
  return typeof value === 'string' ? value : '';
}

/** A field that is a list of strings. */
export function textsAt(json: Json, field: string): readonly string[] {
  const value = json[field];
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
}

function objectAt(json: Json, field: string): Json {
  const value = json[field];
  return isObject(value) ? value : {};
}

function splitVariable(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}
