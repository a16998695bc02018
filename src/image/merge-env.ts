import { Failure } from '../lib/failure.ts';
import type { Json } from '../lib/json-object.ts';

/**
 * `Env` of the `config` of an image config, NAME=value each; none where it is missing or, as docker writes it, null.
 * `whose` says in the Failure for anything else.
 */
export function envOf({ Env }: Json, whose: string): readonly string[] {
  if (Env === undefined || Env === null) return [];
  if (Array.isArray(Env) && Env.every(entry => typeof entry === 'string')) return Env;
  throw new Failure(`Cannot create the image config: config.Env of ${whose} is not a list of strings.`);
}

/** Variables of a base and of what stands on it: the last value of one wins, at the place of the first. */
export function mergeEnv(before: readonly string[], after: readonly string[]): readonly string[] {
  return [...new Map([...before, ...after].map(entry => [entry.split('=', 1)[0], entry])).values()];
}
