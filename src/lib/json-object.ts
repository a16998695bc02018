/** A JSON object with unchecked fields. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object, not a list or null. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
