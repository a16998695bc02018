import { Failure } from '../../lib/failure.ts';
import type { Json } from '../../lib/json-object.ts';
import { checkSpecFields } from '../../oci/config-fields.ts';
import { envOf, mergeEnv } from '../merge-env.ts';

const description = 'the config of the image';

/** Checks the `config` of an image config that a user wrote; beyond `checkSpecFields`, `Env` must be NAME=value. */
export function checkConfig(config: unknown): asserts config is Json {
  checkSpecFields(config, description);
  if (envOf(config, description).every(entry => /^[^=]+=/.test(entry))) return;
  throw new Failure(`Cannot use ${description}: its field "Env" is not a list of NAME=value.`);
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
