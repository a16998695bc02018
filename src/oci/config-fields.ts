import { isLosslessNumber, stringify } from 'lossless-json';
import { Failure } from '../lib/failure.ts';
import type { Json } from '../lib/json-object.ts';
import { isDigest } from './digest.ts';

/**
 * Reads the value of a field; a Failure if engines could not. `at` is a path such as `config.Env`; `description` names
 * the config.
 */
type Field = (value: unknown, at: string, description: string) => unknown;

const text = field('a string', value => typeof value === 'string');
const flag = field('true or false', value => typeof value === 'boolean');
const texts = field('a list of strings', isTexts);
const textMap = field('a map of strings', value => isMap(value) && isTexts(Object.values(value)));
const nameMap = field('a map of empty objects', isNameMap);
const time = field('a time of RFC 3339, as in 2026-01-31T12:00:00Z', isTime);
const wholeNumber = field('a whole number of 64 bits', isWholeNumber);
const layersType = field('"layers"', value => value === 'layers');
const digest = field('a digest (sha256: and 64 hex digits)', value => typeof value === 'string' && isDigest(value));

const healthcheck = object({
  Test: texts,
  Interval: wholeNumber,
  Timeout: wholeNumber,
  StartPeriod: wholeNumber,
  StartInterval: wholeNumber,
  Retries: wholeNumber,
});

/** The fields of `config` in OCI image-spec config.md, and in Docker's image specification. */
const specFields: Readonly<Record<string, Field>> = {
  ...{ User: text, WorkingDir: text, StopSignal: text },
  ...{ Env: texts, Entrypoint: texts, Cmd: texts, Shell: texts, OnBuild: texts },
  ...{ ExposedPorts: nameMap, Volumes: nameMap, Labels: textMap },
  ...{ StopTimeout: wholeNumber, Healthcheck: healthcheck, ArgsEscaped: flag },
};

/** The fields of `config` that containerd, docker, podman and crane read. The Go type of old docker has the most. */
const containerConfig = object({
  ...specFields,
  ...{ Hostname: text, Domainname: text, Image: text, MacAddress: text },
  ...{ AttachStdin: flag, AttachStdout: flag, AttachStderr: flag },
  ...{ Tty: flag, OpenStdin: flag, StdinOnce: flag, NetworkDisabled: flag },
});

const imageConfig = object({
  ...{ architecture: text, variant: text, os: text, 'os.version': text, 'os.features': texts },
  ...{ created: time, author: text, comment: text },
  ...{ id: text, parent: text, container: text, docker_version: text, Size: wholeNumber },
  ...{ config: containerConfig, container_config: containerConfig },
  rootfs: object({ type: layersType, diff_ids: list(digest) }),
  history: list(object({ created: time, created_by: text, author: text, comment: text, empty_layer: flag })),
});

/**
 * The fields of an image config as engines read them. Their Go types decide what is valid (OCI image-spec
 * specs-go/v1/config.go, Docker's image-spec), and `labels` means `Labels`. Returns a copy that spells all known names
 * as the spec does and keeps unknown fields. A Failure for a value of the wrong type, which would make every `docker
 * pull` fail, and for a field that occurs in two spellings.
 */
export function readConfigFields(json: unknown, description: string): Json {
  return imageConfig(json, '', description) as Json;
}

/**
 * Checks the `config` of an image config that a user wrote: a Failure for a field that no specification has, and for a
 * value that engines could not read. Null, which unsets a field, is always allowed.
 */
export function checkSpecFields(config: unknown, description: string): asserts config is Json {
  if (!isMap(config)) throw new Failure(`Cannot use ${description}: it is not a JSON object.`);
  for (const [key, value] of Object.entries(config)) {
    const check = Object.hasOwn(specFields, key) ? specFields[key] : undefined;
    if (check === undefined) {
      const known = Object.keys(specFields).join(', ');
      throw new Failure(`Cannot use ${description}: the field "${key}" is unknown. Known fields are ${known}.`);
    }
    if (value !== null) check(value, key, description);
  }
}

function field(expected: string, isValid: (value: unknown) => boolean): Field {
  return (value, at, description) => (isValid(value) ? value : fail(value, { at, description, expected }));
}

function list(item: Field): Field {
  return (value, at, description) => {
    if (!Array.isArray(value)) return fail(value, { at, description, expected: 'a list' });
    return value.map((one, i) => item(one, `${at}[${i}]`, description));
  };
}

/** Null counts as a missing field, whatever its type. */
function object(fields: Readonly<Record<string, Field>>): Field {
  const spellings = new Map(Object.keys(fields).map(name => [fold(name), name]));
  return (value, at, description) => {
    if (!isMap(value)) return fail(value, { at, description, expected: 'an object' });
    const read = new Map<string, unknown>();
    const keys = new Map<string, string>();
    for (const [key, one] of Object.entries(value)) {
      const known = spellings.get(fold(key));
      const name = known ?? key;
      const path = at === '' ? name : `${at}.${name}`;
      const before = keys.get(name);
      if (before !== undefined) {
        throw new Failure(
          `Cannot use ${description}: it has "${before}" and "${key}", which engines both read as ${path}. Keep one of them.`,
        );
      }
      keys.set(name, key);
      read.set(name, known === undefined || one === null ? one : fields[known]?.(one, path, description));
    }
    return Object.fromEntries(read);
  };
}

function fail(
  value: unknown,
  { at, description, expected }: { at: string; description: string; expected: string },
): never {
  const found = (stringify(value) ?? '').slice(0, 200);
  if (at === '') throw new Failure(`Cannot use ${description}: an image config must be a JSON object, not ${found}.`);
  const position = /[.[]/.test(at) ? at : `field "${at}"`;
  throw new Failure(`Cannot use ${description}: its ${position} is not ${expected}: ${found}.`);
}

/** Go's encoding/json matches names that differ only in case, by Unicode's simple folding. */
function fold(name: string): string {
  return name
    .replaceAll('\u017f', 's')
    .replaceAll('\u212a', 'k')
    .replace(/[A-Z]/g, letter => letter.toLowerCase());
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/** Go's `map[string]struct{}`. */
function isNameMap(value: unknown): boolean {
  return isMap(value) && Object.values(value).every(item => item === null || isMap(item));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function isWholeNumber(value: unknown): boolean {
  const digits = isLosslessNumber(value) ? value.value : String(value);
  return (
    typeof value !== 'string' && /^-?\d{1,19}$/.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits)
  );
}

/** As Go's time.Time reads it, without leap seconds. */
function isTime(value: unknown): boolean {
  const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))$/;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] =
    typeof value === 'string'
      ? (pattern
          .exec(value)
          ?.slice(1)
          .map(part => Number(part ?? 0)) ?? [])
      : [];
  // The Gregorian calendar repeats every 400 years; day 0 is the last day of the previous month.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  return isDay && hour < 24 && minute < 60 && second < 60 && zoneHour < 24 && zoneMinute < 60;
}
