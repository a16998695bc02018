import { type RuleId, ruleIds } from '../check/rules.ts';
import { layerings } from '../image/layering/layering.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { parseMetadataSource } from '../metadata/metadata-source.ts';
import { isPlatform } from '../oci/platform.ts';
import { isRegistryHost, parseImageName } from '../oci/reference.ts';
import { parseCompression } from '../pack/compression.ts';
import { type SbomFormat, sbomFormats } from '../sbom/sbom-document.ts';
import type { InputName } from './input-table.ts';
import { type AnnotatePlace, annotatePlaces, type CacheInputs, type Inputs, type OutputKind } from './inputs.ts';
import { isPath } from './is-path.ts';

/** One argument per line, taken literally: a value with spaces needs no quotes. */
export function parseBuildArgs(lines: string[]): string[] {
  const crowded = lines.find(line => /^--?[\w-]+\s/.test(line));
  if (crowded === undefined) return lines;
  throw new Failure(
    `Cannot use the build-args line "${crowded}": write the flag and each of its values on separate lines.`,
  );
}

/** Whether an existing Nix of another version than `nix-version` is an error. */
export function parseStrict(version: string, isStrict: boolean): boolean {
  if (!isStrict || version !== '') return isStrict;
  throw new Failure('Cannot use nix-version-strict: nix-version is empty. Set it to the required version.');
}

/** nix.conf(5), `trusted-public-keys`: an Ed25519 key has 32 bytes. */
export function parsePublicKeys(keys: readonly string[]): readonly string[] {
  const wrong = keys.find(key => !/^[^:]+:[A-Za-z0-9+/]{43}=$/.test(key));
  if (wrong === undefined) return keys;
  throw new Failure(
    `Cannot use trusted-public-keys: "${wrong}" is not a public key. Give NAME:BASE64, as published by the binary cache.`,
  );
}

/** The words of a line, separated by blanks. */
export function wordsOf(line: string): string[] {
  return line.split(/\s+/).filter(word => word !== '');
}

/** Hosts, one per line or comma-separated. */
export function parseHosts(lines: readonly string[]): string[] {
  const hosts = lines.flatMap(line => line.split(',').map(host => host.trim())).filter(host => host !== '');
  const wrong = hosts.find(host => !isRegistryHost(host));
  if (wrong === undefined) return hosts;
  throw new Failure(
    `Cannot use insecure-registries: "${wrong}" is not a host. Give HOST or HOST:PORT, without https://.`,
  );
}

/** YAML 1.2 core booleans, as in @actions/core. */
export function parseFlag(name: InputName, value: string): boolean {
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
  throw new Failure(`Cannot use ${name}: "${value}". Give true or false.`);
}

/** The path of a layout; anything else is a reference. */
export function parseFrom(text: string): Pick<Inputs, 'from'> {
  if (text === '') return {};
  return { from: isPath(text) ? { layout: text } : parseImageName(text) };
}

/** Where to write the image on this machine: `KIND:PATH`. */
export function parseOutput(text: string): { kind: OutputKind; path: string } {
  const [, kind, path] = /^(oci|oci-archive|docker-archive):(.+)$/.exec(text) ?? [];
  if (kind !== undefined && path !== undefined) return { kind: kind as OutputKind, path };
  throw new Failure(`Cannot use output: "${text}". Give oci:DIR, oci-archive:FILE or docker-archive:FILE.`);
}

/** How to compress layers, if either input is set. */
export function parseGivenCompression(method: string, level: string): Pick<Inputs, 'compression'> {
  const compression = parseCompression(method, level);
  return compression === undefined ? {} : { compression };
}

/** One of the allowed values of an input. */
export function parseOneOf<T extends string>(name: InputName, value: string, known: readonly T[]): T {
  const found = known.find(item => item === value);
  if (found !== undefined) return found;
  throw new Failure(`Cannot use ${name}: "${value}". Give ${known.slice(0, -1).join(', ')} or ${known.at(-1)}.`);
}

/** Ids of rules of the check. */
export function parseRuleIds(words: readonly string[]): RuleId[] {
  return words.map(word => {
    const found = ruleIds.find(id => id === word);
    if (found !== undefined) return found;
    throw new Failure(`Cannot use check-ignore: "${word}" is not a rule. The rules are ${ruleIds.join(', ')}.`);
  });
}

/** Formats of a bill of materials, comma-separated. */
export function parseSbom(text: string): SbomFormat[] {
  if (text === '') return [];
  const formats = text.split(',').map(format => parseOneOf('sbom', format.trim(), sbomFormats));
  return [...new Set(formats)];
}

/** Where labels go, comma-separated. */
export function parseAnnotate(text: string): AnnotatePlace[] {
  const levels = text.split(',').map(level => level.trim());
  return levels.map(level => parseOneOf('annotate', level, annotatePlaces));
}

/** Output of docker/metadata-action, if any. */
export function parseMetadata(text: string): Pick<Inputs, 'metadata'> {
  return text.trim() === '' ? {} : { metadata: parseMetadataSource(text) };
}

/** One platform, or a comma-separated list in modes that handle several images. */
export function parsePlatforms(text: string, mode: string): string[] {
  if (text === '') return [];
  const platforms = mode === 'index' || mode === 'push-layout' ? text.split(',').map(one => one.trim()) : [text];
  if (platforms.every(isPlatform)) return platforms;
  throw new Failure(`Cannot use platform: "${text}". Give OS/ARCHITECTURE, as in linux/amd64 or linux/arm/v7.`);
}

/** JSON; undefined if the input is not set. */
export function parseConfig(text: string): Pick<Inputs, 'config'> {
  if (text === '') return {};
  try {
    return { config: JSON.parse(text) };
  } catch (cause) {
    throw new Failure(`Cannot use config: it is not JSON (${messageOf(cause)}).`, { cause });
  }
}

/** How to distribute store paths over layers; undefined if neither input is set. */
export function parseLayering(text: string): Pick<Inputs, 'layering'> {
  return text === '' ? {} : { layering: parseOneOf('layering', text, layerings) };
}

/** 2 to 127 layers. */
export function parseMaxLayers(text: string): Pick<Inputs, 'maxLayers'> {
  if (text === '') return {};
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 2 && number <= 127) return { maxLayers: number };
  throw new Failure(`Cannot use max-layers: "${text}". Give a number from 2 to 127; Docker stacks at most 125.`);
}

/** Powers of 1000, as in the sizes that we print. */
export function parseMaxSize(text: string): Pick<CacheInputs, 'maxSize'> {
  if (text === '') return {};
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([kMGT]?)B?$/.exec(text) ?? [];
  if (number !== undefined) return { maxSize: Math.floor(Number(number) * 1000 ** ' kMGT'.indexOf(unit || ' ')) };
  throw new Failure(`Cannot use cache-max-size: "${text}". Give bytes, or a number with kB, MB, GB or TB.`);
}

/** In a fork's pull request a password from the secrets is empty, see `openPublications`. */
export function parseLogin(username: string, password: string): Pick<Inputs, 'login'> {
  if (username === '' && password === '') return {};
  if (username !== '') return { login: { username, password } };
  throw new Failure('Cannot log in with password alone: give username and password.');
}

/** The lines of a list: trimmed, without empty ones and comments. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
}
