import { Failure } from '../lib/failure.ts';
import { type Digest, isDigest } from './digest.ts';

/** A repository on a registry. `host` is what people write, `docker.io` for Docker Hub; see `apiHost`. */
export interface Repository {
  readonly host: string;
  /** Lower-case path; includes `library/` for the official images of Docker Hub. */
  readonly path: string;
}

/** A tag in a repository. distribution/reference, grammar of `reference.go`. */
export interface Reference extends Repository {
  readonly tag: string;
}

/** A tag, and the digest that it is known to stand for: then only the digest is read. */
export interface PinnedReference extends Reference {
  readonly digest?: Digest;
}

const pathComponent = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const pathPattern = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);
const hostPattern =
  /^(?:\[[0-9a-fA-F:]+\]|(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)(?::[0-9]+)?$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const longestName = 255;

/** Reads a full reference as docker does: `app` means `docker.io/library/app:latest`. */
export function parseReference(text: string): Reference {
  const fail = (why: string) => new Failure(`Cannot use the tag "${text}": ${why}`);
  if (text.includes('@')) throw fail('a push needs a tag, not a digest. Write NAME:TAG.');
  const colon = text.lastIndexOf(':');
  const hasTag = colon > text.lastIndexOf('/');
  const name = hasTag ? text.slice(0, colon) : text;
  const tag = hasTag ? text.slice(colon + 1) : 'latest';
  if (!tagPattern.test(tag)) {
    throw fail('a tag has 1 to 128 letters, digits, "_", "." and "-", and does not start with "." or "-".');
  }
  return { ...checkedName(name, { fail, form: '[HOST/]PATH[:TAG], as in ghcr.io/acme/app:1.2', tag: `:${tag}` }), tag };
}

/** Reads a name without a tag or digest as docker does: `app` means `docker.io/library/app`. */
export function parseRepository(text: string): Repository {
  const fail = (why: string) => new Failure(`Cannot use the image name "${text}": ${why}`);
  if (text.includes('@') || text.lastIndexOf(':') > text.lastIndexOf('/'))
    throw fail('it has a tag or a digest. Write only the name here, and tags in the input tags.');
  return checkedName(text, { fail, form: '[HOST/]PATH, as in ghcr.io/acme/app', tag: '' });
}

/** Splits a name. `tag` is what follows it, `form` what an error asks for. */
function checkedName(
  name: string,
  { fail, form, tag }: { readonly fail: (why: string) => Failure; readonly form: string; readonly tag: string },
): Repository {
  const repository = splitName(name);
  if (!isRegistryHost(repository.host)) throw fail(`"${repository.host}" is not a registry host.`);
  if (repository.path !== repository.path.toLowerCase()) {
    throw fail(`repository names are lower-case; write "${name.toLowerCase()}${tag}".`);
  }
  if (!pathPattern.test(repository.path)) throw fail(`it is not of the form ${form}.`);
  if (name.length > longestName) throw fail(`repository names have at most ${longestName} characters.`);
  return repository;
}

/** Reads the name of an image to pull: a reference, or a name with a digest, in which case a tag is ignored. */
export function parseImageName(text: string): Repository & { readonly name: string } {
  const at = text.indexOf('@');
  const digest = text.slice(at + 1);
  if (at >= 0 && !isDigest(digest)) throw new Failure(`Cannot use the image "${text}": "${digest}" is not a digest.`);
  const { tag, ...repository } = parseReference(at < 0 ? text : text.slice(0, at));
  return { ...repository, name: at < 0 ? tag : digest };
}

/**
 * The first component is a host if it has a dot or a port, or is localhost. Unlike in docker, an upper-case letter does
 * not make it a host: `Acme/app` is more likely a typo for `acme/app` than a registry named Acme.
 */
function splitName(name: string): Repository {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first);
  const host = isHost ? first : 'docker.io';
  const path = isHost ? name.slice(slash + 1) : name;
  if (host === 'index.docker.io') return splitName(`docker.io/${path}`);
  return { host, path: host === 'docker.io' && !path.includes('/') ? `library/${path}` : path };
}

/** Whether a text is a tag by the grammar of references. */
export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

/** Whether a text is `HOST` or `HOST:PORT` by the grammar of references. */
export function isRegistryHost(text: string): boolean {
  return hostPattern.test(text);
}

/** `ghcr.io/acme/app` */
export function formatRepository({ host, path }: Repository): string {
  return `${host}/${path}`;
}

/** `ghcr.io/acme/app:1.2` */
export function formatReference(reference: Reference): string {
  return `${formatRepository(reference)}:${reference.tag}`;
}
