import { isLosslessNumber } from 'lossless-json';
import { Failure } from '../../lib/failure.ts';
import { isObject, type Json } from '../../lib/json-object.ts';
import { envOf, mergeEnv } from '../merge-env.ts';

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  'a string': value => typeof value === 'string',
  'a list of strings': isStrings,
  'a list of NAME=value': value => isStrings(value) && value.every(item => /^[^=]+=/.test(item)),
  'an object': isObject,
  'an object of strings': value => isObject(value) && isStrings(Object.values(value)),
  'a number': value => typeof value === 'number' || isLosslessNumber(value),
  'true or false': value => typeof value === 'boolean',
};

/** OCI image-spec, config.md, and the additions of Docker's image specification. */
const kindOf: Readonly<Record<string, string>> = {
  User: 'a string',
  WorkingDir: 'a string',
  Entrypoint: 'a list of strings',
  Cmd: 'a list of strings',
  Env: 'a list of NAME=value',
  ExposedPorts: 'an object',
  Volumes: 'an object',
  Labels: 'an object of strings',
  StopSignal: 'a string',
  StopTimeout: 'a number',
  Healthcheck: 'an object',
  Shell: 'a list of strings',
  OnBuild: 'a list of strings',
  ArgsEscaped: 'true or false',
};

/** Checks the `config` of an image config that a user wrote. Null, which unsets a field, is always allowed. */
export function checkConfig(config: unknown): asserts config is Json {
  if (!isObject(config)) throw new Failure('Cannot use the config of the image: it is not a JSON object.');
  for (const [key, value] of Object.entries(config)) {
    const kind = Object.hasOwn(kindOf, key) ? kindOf[key] : undefined;
    if (kind === undefined) {
      const known = Object.keys(kindOf).join(', ');
      throw new Failure(
        `Cannot use the config of the image: the field "${key}" is unknown. Known fields are ${known}.`,
      );
    }
    if (value === null || kinds[kind]?.(value)) continue;
    throw new Failure(`Cannot use the config of the image: "${key}" is not ${kind}.`);
  }
}

/**
 * Merges configs, later ones over earlier ones, `Env` by variable. An Entrypoint removes the Cmd of earlier configs,
 * which was meant for another one.
 */
export function mergeConfigs(configs: readonly Json[]): Json {
  const merged = configs.reduce((before, config) => {
    const { Cmd: _, ...withoutCmd } = before;
    const kept = Object.hasOwn(config, 'Entrypoint') ? withoutCmd : before;
    const Env = config.Env === null ? [] : mergeEnv(checkedEnv(before), checkedEnv(config));
    return { ...kept, ...config, Env: Env.length === 0 ? null : Env };
  }, {});
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** The user's config is already checked, so an invalid Env can only be the base's. */
function checkedEnv(config: Json): readonly string[] {
  return envOf(config, 'the base image');
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
