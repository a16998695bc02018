import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure, hasCode, messageOf } from '../../lib/failure.ts';
import { isObject, type Json } from '../../lib/json-object.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import { askHelper } from './credential-helper.ts';

export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string; readonly isJobToken?: true }
  /** An OAuth2 refresh token (`identitytoken`). */
  | { readonly kind: 'identity'; readonly token: string }
  /** A bearer token for the registry itself (`registrytoken`). */
  | { readonly kind: 'bearer'; readonly token: string };

/** A user and password, and the registries (`HOST[:PORT]`) that may see them. */
interface Login {
  readonly username: string;
  readonly password: string;
  readonly hosts: ReadonlySet<string> | Promise<ReadonlySet<string>>;
}

export interface CredentialSources {
  readonly login?: Login;
  readonly githubToken?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Docker's key for the login to Docker Hub. */
const hubServer = 'https://index.docker.io/v1/';
const hubName = 'index.docker.io';

/**
 * The login for a repository: that of the inputs if it is for this registry, then Docker's config, then Podman's
 * auth.json, then that of a GitLab job for GitLab's registry (docs.gitlab.com, "Authenticate with the container
 * registry"), then the workflow's token for ghcr.io. Undefined if nobody is logged in, which is enough for public
 * images.
 */
export async function findCredentials(
  repository: Repository,
  { login, githubToken, env }: CredentialSources,
): Promise<Credentials | undefined> {
  if (login !== undefined && (await login.hosts).has(repository.host)) {
    const { username, password } = login;
    return { kind: 'basic', username, password, ...(password === githubToken ? { isJobToken: true } : {}) };
  }
  for (const path of authFiles(env)) {
    const found = await credentialsIn(path, repository, env);
    if (found !== undefined) return found;
  }
  const { CI_REGISTRY: gitlab, CI_REGISTRY_USER: username, CI_REGISTRY_PASSWORD: password } = env;
  if (repository.host === gitlab && username && password) return { kind: 'basic', username, password };
  if (repository.host === 'ghcr.io' && githubToken !== undefined) {
    return { kind: 'basic', username: 'x-access-token', password: githubToken };
  }
  return undefined;
}

function authFiles(env: CredentialSources['env']): string[] {
  const home = env.HOME || homedir();
  const runtime = env.XDG_RUNTIME_DIR;
  const named = env.REGISTRY_AUTH_FILE;
  return [
    join(env.DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
    ...(named === undefined || named === '' ? [] : [named]),
    ...(runtime === undefined ? [] : [join(runtime, 'containers', 'auth.json')]),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'containers', 'auth.json'),
  ];
}

async function credentialsIn(
  path: string,
  repository: Repository,
  env: CredentialSources['env'],
): Promise<Credentials | undefined> {
  const file = readAuthFile(path);
  const names = namesOf(repository);
  const failed = `Cannot read the registry logins in ${path}`;
  for (const { key, name, value } of entriesFor(names, objectAt(file, 'credHelpers', failed))) {
    if (typeof value !== 'string')
      throw new Failure(`${failed}: "credHelpers" of ${name} must be the name of a helper.`);
    const server = key === name || name !== hubName ? name : hubServer;
    const found = value === '' ? undefined : await askHelper(value, { server, env });
    if (found !== undefined) return helped(found);
  }
  const store = file.credsStore ?? '';
  if (typeof store !== 'string') throw new Failure(`${failed}: "credsStore" must be the name of a helper.`);
  if (store !== '') {
    const server = repository.host === 'docker.io' ? hubServer : repository.host;
    const found = await askHelper(store, { server, env });
    if (found !== undefined) return helped(found);
  }
  for (const { value } of entriesFor(names, objectAt(file, 'auths', failed))) {
    const found = credentialsOf(value, failed);
    if (found !== undefined) return found;
  }
  return undefined;
}

function helped({ username, secret }: { readonly username: string; readonly secret: string }): Credentials {
  return username === '<token>' ? { kind: 'identity', token: secret } : { kind: 'basic', username, password: secret };
}

/** The possible keys of a login, the most specific first: `host/ns/repo` … `host`, and those of Docker Hub. */
function namesOf(repository: Repository): string[] {
  const parts = formatRepository(repository).split('/');
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
  return [...paths, ...(repository.host === 'docker.io' ? [hubName, 'registry-1.docker.io'] : [])];
}

/** The entries of an object whose key is one of the names, in their order; the name itself precedes its URL forms. */
function entriesFor(names: readonly string[], object: Json) {
  const entries = Object.entries(object).filter(([, value]) => value !== null);
  return names.flatMap(name => {
    const exact = entries.filter(([key]) => key === name);
    const others = entries.filter(([key]) => key !== name && plainName(key) === name);
    return [...exact, ...others].map(([key, value]) => ({ key, name, value }));
  });
}

/** `ghcr.io` for `https://GHCR.io/v2/`, `http://ghcr.io/` and `ghcr.io/`, as old and new docker wrote them. */
function plainName(key: string): string {
  return key
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/(?:\/v[12])?\/?$/, '');
}

/** `config.json` of docker or `auth.json` of podman (containers-auth.json(5)); an empty object if there is none. */
function readAuthFile(path: string): Json {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return {};
    throw new Failure(`Cannot read the registry logins in ${path}: ${messageOf(error)}.`, { cause: error });
  }
  try {
    const json: unknown = JSON.parse(text === '' ? '{}' : text);
    if (isObject(json)) return json;
  } catch {
    // The parser's message would quote the file, which contains secrets.
  }
  throw new Failure(`Cannot read the registry logins in ${path}: it is not a JSON object. Run docker login again.`);
}

function objectAt(file: Json, name: string, failed: string): Json {
  const value = file[name] ?? {};
  if (isObject(value)) return value;
  throw new Failure(`${failed}: "${name}" is not a JSON object. Run docker login again.`);
}

function credentialsOf(entry: unknown, failed: string): Credentials | undefined {
  const fields = ['identitytoken', 'registrytoken', 'username', 'password', 'auth'];
  const [identity, registry, username, password, auth] = fields.map(name => {
    const value = isObject(entry) ? (entry[name] ?? '') : undefined;
    if (typeof value === 'string') return value;
    throw new Failure(`${failed}: "${name}" of a registry is not a string. Run docker login again.`);
  });
  if (identity) return { kind: 'identity', token: identity };
  if (registry) return { kind: 'bearer', token: registry };
  if (username && password) return { kind: 'basic', username, password };
  if (!auth) return undefined;
  const pair = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = pair.indexOf(':');
  if (colon > 0) return { kind: 'basic', username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  throw new Failure(`${failed}: an "auth" is not base64 of USER:PASSWORD. Run docker login again.`);
}
