import { parse, stringify } from 'lossless-json';
import { Failure, messageOf } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { type Digest, parseDigest } from './digest.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * An image config, OCI image-spec config.md. `json` holds every field as it came, known or not, and numbers with
 * all their digits. `bytes` is what the source had, as long as nothing was changed.
 */
export interface ImageConfig {
  readonly json: Json;
  readonly bytes: Uint8Array;
}

export interface ConfigChanges {
  /** Set over the labels that are there. */
  readonly labels: Labels;
  /** Labels to delete, whoever set them. */
  readonly deleted: ReadonlySet<string>;
  /** RFC 3339; undefined keeps what is there. */
  readonly created: string | undefined;
}

/** Reads an image config; `what` names its place in errors. */
export function parseConfig(bytes: Uint8Array, what: string): ImageConfig {
  const text = Buffer.from(bytes).toString('utf8');
  let json: unknown;
  try {
    json = parse(text);
  } catch (cause) {
    throw new Failure(`Cannot read ${what}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
  if (!isObject(json)) throw new Failure(`Cannot read ${what}: an image config is a JSON object.`);
  for (const field of ['config', 'rootfs']) expectObjectOrNull(json[field], field, what);
  const config = { json, bytes };
  labelsOf(config);
  return config;
}

/** A config made here; compact JSON in the order of its keys. */
export function configOf(json: Json): ImageConfig {
  return { json, bytes: Buffer.from(stringify(json) ?? '') };
}

/** The labels of a config; none where `config` or `Labels` is missing or null. */
export function labelsOf(config: ImageConfig): Labels {
  const labels = objectOf(config.json.config).Labels ?? {};
  if (isObject(labels) && Object.values(labels).every(value => typeof value === 'string')) return labels as Labels;
  throw new Failure('Cannot read the image config: config.Labels is not a map of strings.');
}

/** The diffIDs that a config lists, from the base upwards; undefined where it lists none. */
export function diffIdsOf(config: ImageConfig): readonly Digest[] | undefined {
  const list = objectOf(config.json.rootfs).diff_ids;
  if (list === undefined || list === null) return undefined;
  if (!Array.isArray(list)) throw new Failure('Cannot read the image config: rootfs.diff_ids is not a list.');
  return list.map((item, i) => parseDigest(item, `rootfs.diff_ids[${i}] of the image config`));
}

/** `created` of a config, as it is written there. */
export function createdOf(config: ImageConfig): string | undefined {
  const { created } = config.json;
  return typeof created === 'string' ? created : undefined;
}

/** `os/architecture[/variant]` of a config. */
export function platformOf(config: ImageConfig): string {
  const { os, architecture, variant } = config.json;
  return [os, architecture, variant].filter(part => typeof part === 'string' && part !== '').join('/');
}

/**
 * A changed copy: layers, history and unknown fields stay. Labels that are added come after those that were there, by
 * name, so that the same labels give the same bytes. Where nothing changes the bytes stay those of the source.
 */
export function withChanges(config: ImageConfig, { labels, deleted, created }: ConfigChanges): ImageConfig {
  const before = labelsOf(config);
  const added = Object.keys(labels).sort();
  const merged = new Map([...Object.entries(before), ...added.map(key => [key, labels[key] ?? ''] as const)]);
  const after = Object.fromEntries([...merged].filter(([key]) => !deleted.has(key)));
  const isCreatedSame = created === undefined || created === config.json.created;
  const areLabelsSame = sameLabels(before, after);
  if (isCreatedSame && areLabelsSame) return config;
  return configOf({
    ...config.json,
    ...(isCreatedSame ? {} : { created }),
    ...(areLabelsSame ? {} : { config: { ...objectOf(config.json.config), Labels: after } }),
  });
}

/** A copy that lists these diffIDs. A Failure when the config lists others: the layers are not the promised ones. */
export function withDiffIds(config: ImageConfig, diffIds: readonly Digest[]): ImageConfig {
  const listed = diffIdsOf(config);
  if (listed === undefined) {
    return configOf({ ...config.json, rootfs: { diff_ids: diffIds, type: 'layers' } });
  }
  if (listed.length === diffIds.length && listed.every((digest, i) => digest === diffIds[i])) return config;
  throw new Failure(`Cannot use the image: its config lists layers [${listed}], its layers are [${diffIds}].`);
}

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key]);
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function expectObjectOrNull(value: unknown, field: string, what: string): void {
  if (value === undefined || value === null || isObject(value)) return;
  throw new Failure(`Cannot read ${what}: its field "${field}" is not an object.`);
}
