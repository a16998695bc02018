import { stringify } from 'lossless-json';

/** The fields of a Go struct without those that are empty, as its tag `omitempty` has it. */
export function withoutEmpty(fields: Iterable<readonly [string, unknown]>): readonly (readonly [string, unknown])[] {
  return [...fields].filter(([, value]) => !isEmpty(value));
}

/** Compact JSON as Go's `json.Marshal` writes it. A Map is an object in the order of its keys, whatever they are. */
export function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, one]) => `${goJson(key)}:${goJson(one)}`).join(',')}}`;
  const json = stringify(value) ?? 'null';
  return json.replace(/[<>&\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  return value === undefined || value === '' || value === false;
}
