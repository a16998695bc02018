import { isObject, type Json } from '../lib/json-object.ts';
import { createdOf, type ImageConfig, labelsOf, platformOf } from '../oci/config.ts';

/** A field of a config that differs. Its texts come from images and may be hostile. */
export interface ConfigChange {
  /** `label KEY`, `env NAME`, or a field of the config: `Entrypoint`. */
  readonly field: string;
  /** Undefined if the image has no such field. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The differences between two configs, except layers and history, by field. OCI image-spec, config.md. */
export function compareConfigs(before: ImageConfig, after: ImageConfig): ConfigChange[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter(field => old.get(field) !== now.get(field))
    .map(field => ({ field, before: old.get(field), after: now.get(field) }));
}

function fieldsOf(config: ImageConfig): ReadonlyMap<string, string> {
  const { Labels: _labels, Env, ...others } = isObject(config.json.config) ? config.json.config : ({} as Json);
  const env = Array.isArray(Env) ? Env.filter(item => typeof item === 'string') : [];
  return new Map([
    ['platform', platformOf(config)],
    ...(createdOf(config) === undefined ? [] : [['created', createdOf(config) ?? ''] as const]),
    ...Object.entries(others).map(([field, value]) => [field, textOf(value)] as const),
    ...env.map(item => [`env ${item.split('=', 1)[0]}`, item.slice(item.indexOf('=') + 1)] as const),
    ...Object.entries(labelsOf(config)).map(([key, value]) => [`label ${key}`, value] as const),
  ]);
}

/** A list of words as `/bin/app --port 80`, other values as JSON. */
function textOf(value: unknown): string {
  const isWords = Array.isArray(value) && value.every(item => typeof item === 'string');
  return isWords ? value.join(' ') : (JSON.stringify(value) ?? '');
}
