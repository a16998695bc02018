/** A JSON object, its fields as they came. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object, and no list and not null. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
