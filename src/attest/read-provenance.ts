import { Failure } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { oneLine } from '../lib/printable.ts';

/**
 * What an image was built from, according to its provenance: claims of the signer, of which only the form is checked.
 */
export interface Origin {
  /** `https://`, `ssh://` or `file://` URL of the Git repository. */
  readonly repository: string;
  /** The commit, 40 or 64 hex digits. */
  readonly revision: string;
  /** The inputs of the step that were set, by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The image's name in `installable`, if the step had several. */
  readonly name: string | undefined;
  /** Digest of the base image in a registry: `sha256:` and hex digits. */
  readonly base: string | undefined;
}

/** Reads the provenance that `provenancePredicate` makes; a Failure if it does not say what to build. */
export function readOrigin(predicate: Json): Origin {
  const definition = objectOf(predicate.buildDefinition);
  const parameters = objectOf(definition.externalParameters);
  const listed = Array.isArray(definition.resolvedDependencies) ? definition.resolvedDependencies.filter(isObject) : [];
  // Only the checkout has no name.
  const checkout = listed.find(({ name, uri }) => name === undefined && String(uri).startsWith('git+'));
  const { repository } = objectOf(parameters.workflow);
  const revision = String(objectOf(checkout?.digest).gitCommit);
  const url = String(repository);
  const uri = String(checkout?.uri ?? '');
  if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(revision)) throw unusable('it names no commit');
  if (!/^(?:https|ssh|file):\/\/[^\s?#@]*$/.test(url)) throw unusable(`its repository is ${oneLine(url, 200)}`);
  if (uri !== `git+${url}` && !uri.startsWith(`git+${url}@`)) {
    throw unusable(`it names the workflow of ${url}, but the checkout of ${oneLine(uri, 200)}`);
  }
  const inputs = Object.entries(objectOf(parameters.nixImage_inputs));
  const texts = inputs.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text] as const] : []));
  const { nixImage_name: name } = parameters;
  return {
    repository: url,
    revision,
    inputs: Object.fromEntries(texts),
    name: typeof name === 'string' ? name : undefined,
    base: baseOf(listed),
  };
}

function baseOf(dependencies: readonly Json[]): string | undefined {
  const base = dependencies.find(({ name, uri }) => name === 'base' && String(uri).startsWith('oci://'));
  const { sha256 } = objectOf(base?.digest);
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? `sha256:${sha256}` : undefined;
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function unusable(why: string): Failure {
  return new Failure(`Cannot build the image again: its provenance does not say what it was built from: ${why}.`);
}
