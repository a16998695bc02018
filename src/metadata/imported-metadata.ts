import { Failure } from '../lib/failure.ts';
import { parseJson } from '../lib/parse-json.ts';
import type { Labels } from '../oci/config.ts';
import { type Annotation, parseAnnotations, parseLabels } from './labels.ts';

/** Results of docker/metadata-action from an earlier step. */
export interface ImportedMetadata {
  /** References; bare tags if it had no `images`. */
  readonly tags: readonly string[];
  readonly labels: Labels;
  readonly annotations: readonly Annotation[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Without metadata-action. */
export const noMetadata: ImportedMetadata = { tags: [], labels: {}, annotations: [] };

/**
 * Reads metadata-action's output `json`, or the text of one of its bake files; `description` names the source in
 * errors.
 */
export function parseMetadataJson(text: string, description: string): ImportedMetadata {
  const json = parseJson(text, description);
  const { tags = [], labels = {}, annotations = [] } = objectOf(targetOf(json, description), description);
  const isMap = (value: unknown): value is Labels => Object.values(objectOf(value, description)).every(isString);
  if (!isStrings(tags) || !isMap(labels) || !isStrings(annotations)) {
    throw new Failure(
      `Cannot read ${description}: tags and annotations must be lists of strings, and labels a map of strings.`,
    );
  }
  return withoutUnknown({ tags, labels, annotations: annotations.flatMap(parseAnnotation) });
}

/**
 * Reads the variables that metadata-action sets; only the JSON if it is set, since the lists cannot represent every
 * value.
 */
export function metadataOfEnvironment(env: Environment): ImportedMetadata {
  const read = (name: string) => env[`DOCKER_METADATA_OUTPUT_${name}`] ?? '';
  if (read('JSON') !== '') return parseMetadataJson(read('JSON'), 'DOCKER_METADATA_OUTPUT_JSON');
  if (['LABELS', 'ANNOTATIONS', 'TAGS'].every(name => read(name) === '')) {
    throw new Failure(
      'Cannot use metadata: env, because DOCKER_METADATA_OUTPUT_JSON is not set. Run docker/metadata-action in an earlier step of this job.',
    );
  }
  const tags = read('TAGS').split(/[\n,]/);
  const variables = {
    tags: tags.map(tag => tag.trim()).filter(tag => tag !== ''),
    labels: parseLabels(read('LABELS')).set,
    annotations: parseAnnotations(read('ANNOTATIONS')),
  };
  return withoutUnknown(variables);
}

/** Joins several files; a later value replaces an earlier one. */
export function joinMetadata(parts: readonly ImportedMetadata[]): ImportedMetadata {
  return {
    tags: [...new Set(parts.flatMap(({ tags }) => tags))],
    labels: Object.assign({}, ...parts.map(({ labels }) => labels)),
    annotations: parts.flatMap(({ annotations }) => annotations),
  };
}

/** One annotation of a JSON list; its value may have several lines. */
function parseAnnotation(text: string): Annotation[] {
  const [first = '', ...rest] = text.split('\n');
  return parseAnnotations(first).map(item => ({ ...item, value: [item.value, ...rest].join('\n') }));
}

/** The one target of a bake file, or the object itself. */
function targetOf(json: unknown, description: string): unknown {
  const { target } = objectOf(json, description);
  if (target === undefined) return json;
  const targets = Object.values(objectOf(target, description));
  if (targets.length === 1) return targets[0];
  throw new Failure(`Cannot read ${description}: it has ${targets.length} targets; exactly one is supported.`);
}

/** The labels that metadata-action always sets, with empty values if unknown. */
const derivedKey = /^org\.opencontainers\.image\.(title|description|url|source|version|created|revision|licenses)$/;

/** A value that metadata-action does not know must not replace what the package or the workflow knows. */
function withoutUnknown({ tags, labels, annotations }: ImportedMetadata): ImportedMetadata {
  const isKnown = (key: string, value: string) => value !== '' || !derivedKey.test(key);
  return {
    tags,
    labels: Object.fromEntries(Object.entries(labels).filter(([key, value]) => isKnown(key, value))),
    annotations: annotations.filter(({ key, value }) => isKnown(key, value)),
  };
}

function objectOf(value: unknown, description: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Failure(`Cannot read ${description}: it is neither the json of docker/metadata-action nor a bake file.`);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isString);
}
