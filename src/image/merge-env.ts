import { Failure } from '../lib/failure.ts';
import type { Json } from '../lib/json-object.ts';

/**
 * `Env` of the `config` of an image config, each NAME=value; empty if it is missing or null, which docker writes. A
 * Failure, which quotes `whose`, for anything else.
 */
export function envOf({ Env }: Json, whose: string): readonly string[] {
  if (Env === undefined || Env === null) return [];
  if (Array.isArray(Env) && Env.every(entry => typeof entry === 'string')) return Env;
  throw new Failure(`Cannot create the image config: config.Env of ${whose} is not a list of strings.`);
}

/** Variables of a base and of the image on it: the last value of a variable wins, at the position of the first. */
export function mergeEnv(before: readonly string[], after: readonly string[]): readonly string[] {
  return [...new Map([...before, ...after].map(entry => [entry.split('=', 1)[0], entry])).values()];
}
