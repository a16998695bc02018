type Known<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that are not undefined. */
export function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Known<T>;
}
