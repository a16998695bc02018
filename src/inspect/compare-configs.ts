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
    .map(field => ({ field, before: old.get(field), after: now.get(field) }))
    .filter(({ before, after }) => before?.exact !== after?.exact)
    .map(({ field, before, after }) => {
      const isPlain = before?.text !== after?.text;
      const shown = (value: Value | undefined) => (isPlain ? value?.text : value?.exact);
      return { field, before: shown(before), after: shown(after) };
    });
}

/** Two values may have the same text: `["a b"]` and `["a", "b"]`. */
interface Value {
  readonly text: string;
  /** As JSON. */
  readonly exact: string;
}

function fieldsOf(config: ImageConfig): ReadonlyMap<string, Value> {
  const { Labels: _labels, Env, ...others } = isObject(config.json.config) ? config.json.config : ({} as Json);
  const env = Array.isArray(Env) ? Env.filter(item => typeof item === 'string') : [];
  const created = createdOf(config);
  return new Map([
    ['platform', textValue(platformOf(config))],
    ...(created === undefined ? [] : [['created', textValue(created)] as const]),
    ...Object.entries(others).map(([field, value]) => [field, fieldValue(value)] as const),
    ...[...variablesIn(env)].map(([name, items]) => [`env ${name}`, variableValue(items)] as const),
    ...Object.entries(labelsOf(config)).map(([key, value]) => [`label ${key}`, textValue(value)] as const),
  ]);
}

/** The items of each variable. One that is set twice has the first or the last value, as the engine decides. */
function variablesIn(env: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const item of env) {
    const [name = ''] = item.split('=', 1);
    const before = found.get(name);
    if (before === undefined) found.set(name, [item]);
    else before.push(item);
  }
  return found;
}

function variableValue(items: readonly string[]): Value {
  const last = items.at(-1) ?? '';
  return { text: last.slice(last.indexOf('=') + 1), exact: JSON.stringify(items) };
}

function textValue(text: string): Value {
  return { text, exact: JSON.stringify(text) };
}

/** A list of words as `/bin/app --port 80`, other values as JSON. */
function fieldValue(value: unknown): Value {
  const isWords = Array.isArray(value) && value.every(item => typeof item === 'string');
  const exact = JSON.stringify(value) ?? '';
  return { text: isWords ? value.join(' ') : exact, exact };
}
