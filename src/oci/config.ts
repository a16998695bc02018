import { parse, stringify } from 'lossless-json';
import { Failure } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { parseJson } from '../lib/parse-json.ts';
import { readConfigFields } from './config-fields.ts';
import type { Digest } from './digest.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * An image config that engines can read, OCI image-spec config.md; only `parseConfig` and `configOf` create one. `json`
 * holds every field, known or not, as `readConfigFields` returns them, and numbers with all their digits. `bytes` is
 * the source's own text until something changes.
 */
export interface ImageConfig {
  readonly json: Json;
  readonly bytes: Uint8Array;
}

export interface ConfigChanges {
  /** Labels to set, over existing ones. */
  readonly labels: Labels;
  /** Labels to delete, whoever set them. */
  readonly deleted: ReadonlySet<string>;
  /** RFC 3339; undefined keeps the existing value. */
  readonly created: string | undefined;
}

/** Reads an image config; `description` names its source in errors. */
export function parseConfig(bytes: Uint8Array, description: string): ImageConfig {
  return { json: readConfigFields(parseJson(bytes, description, { parse }), description), bytes };
}

/** A config created here: compact JSON in the order of its keys. `description` names it in errors. */
export function configOf(json: Json, description = 'the image config'): ImageConfig {
  return { json: readConfigFields(json, description), bytes: Buffer.from(stringify(json) ?? '') };
}

/** The labels of a config; none if `config` or `Labels` is missing or null. */
export function labelsOf(config: ImageConfig): Labels {
  return (objectOf(config.json.config).Labels ?? {}) as Labels;
}

/** The diffIDs that a config lists, from the base upwards; undefined if it lists none. */
export function diffIdsOf(config: ImageConfig): readonly Digest[] | undefined {
  const list = objectOf(config.json.rootfs).diff_ids;
  return (list ?? undefined) as readonly Digest[] | undefined;
}

/** `created` of a config, unparsed. */
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
 * A changed copy: layers, history and unknown fields stay. New labels follow the existing ones, sorted by name, so the
 * same labels give the same bytes. Without a change the bytes of the source stay.
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

/**
 * A copy that lists these diffIDs. A Failure if the config already lists others, because then these are not its layers.
 */
export function withDiffIds(config: ImageConfig, diffIds: readonly Digest[]): ImageConfig {
  const listed = diffIdsOf(config);
  if (listed === undefined) {
    return configOf({ ...config.json, rootfs: { diff_ids: diffIds, type: 'layers' } });
  }
  if (listed.length === diffIds.length && listed.every((digest, i) => digest === diffIds[i])) return config;
  throw new Failure(
    `Cannot use the image: its config lists the diffIDs [${listed}], but its layers have [${diffIds}].`,
  );
}

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => a[key] === b[key]);
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
