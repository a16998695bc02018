import { isLosslessNumber, stringify } from 'lossless-json';
import { Failure } from '../../lib/failure.ts';

/** Position of a value, for errors. */
export interface JsonPosition {
  /** As in `layers[0].digest`; empty for the whole file. */
  readonly field: string;
  readonly file: string;
  /** The store that paths must be in, `/nix/store` if undefined. */
  readonly store?: string;
}

/** Reads a value of lossless JSON; a Failure that names the position if it is missing or of another shape. */
export type Shape<T> = (value: unknown, at: JsonPosition) => T;

export const text: Shape<string> = (value, at) =>
  typeof value === 'string' ? value : rejectValue(value, at, 'a string');

export const flag: Shape<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : rejectValue(value, at, 'true or false');

/** A whole number, 0 or more. */
export const count: Shape<number> = (value, at) => {
  const number = isLosslessNumber(value) && /^[0-9]+$/.test(value.value) ? Number(value.value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : rejectValue(value, at, 'a whole number');
};

/** An object with exactly these fields, read in the order in which they are listed. */
export function object<Fields extends Readonly<Record<string, Shape<unknown>>>>(
  fields: Fields,
): Shape<{ readonly [Key in keyof Fields]: ReturnType<Fields[Key]> }> {
  return (value, at) => {
    const entries = entriesOf(value, at);
    const read = Object.entries(fields).map(([key, shape]) => [key, shape(entries.get(key), below(at, key))]);
    const unknown = [...entries.keys()].find(key => !Object.hasOwn(fields, key));
    if (unknown === undefined) return Object.fromEntries(read);
    throw new Failure(
      `Cannot read ${formatPosition(below(at, unknown))}: this field is unknown. Known fields are ${Object.keys(fields).join(', ')}.`,
    );
  };
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, at) =>
    Array.isArray(value)
      ? value.map((one, i) => item(one, { ...at, field: `${at.field}[${i}]` }))
      : rejectValue(value, at, 'a list');
}

/** An object of any keys. */
export function mapOf<T>(item: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return (value, at) => new Map([...entriesOf(value, at)].map(([key, one]) => [key, item(one, below(at, key))]));
}

/** Accepts a missing value. */
export function optional<T, Fallback>(shape: Shape<T>, fallback: Fallback): Shape<T | Fallback> {
  return (value, at) => (value === undefined ? fallback : shape(value, at));
}

/** Accepts null, which Go writes for an empty list and for a missing value. */
export function nullable<T, Fallback>(shape: Shape<T>, fallback: Fallback): Shape<T | Fallback> {
  return (value, at) => (value === null ? fallback : shape(value, at));
}

/** Rejects a value of another shape than `expected`, or a missing one. */
export function rejectValue(value: unknown, at: JsonPosition, expected: string): never {
  const found = stringify(value)?.slice(0, 200);
  const problem = found === undefined ? `it is missing. It must be ${expected}` : `it is ${found}, not ${expected}`;
  throw new Failure(`Cannot read ${formatPosition(at)}: ${problem}.`);
}

/** `layers[0].digest of FILE` */
export function formatPosition({ field, file }: JsonPosition): string {
  return field === '' ? file : `${field} of ${file}`;
}

function entriesOf(value: unknown, at: JsonPosition): ReadonlyMap<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
  return isObject ? new Map(Object.entries(value)) : rejectValue(value, at, 'an object');
}

function below(at: JsonPosition, key: string): JsonPosition {
  return { ...at, field: at.field === '' ? key : `${at.field}.${key}` };
}
