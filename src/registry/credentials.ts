import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure, hasCode, messageOf } from '../lib/failure.ts';
import { findProgram, runProgram } from '../lib/process.ts';
import { formatRepository, type Repository } from '../oci/reference.ts';

export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
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

interface AuthEntry {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/** `config.json` of docker and `auth.json` of podman (containers-auth.json(5)). */
interface AuthFile {
  readonly auths?: Readonly<Record<string, AuthEntry>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** The name under which Docker keeps the login to Docker Hub. */
const hubServer = 'https://index.docker.io/v1/';

/**
 * The login for a repository: that of the inputs, if it is for this registry, then Docker's config, then Podman's
 * auth.json, then for ghcr.io the token of the workflow. Undefined: nobody is logged in, which may do for a registry that
 * is open.
 */
export async function findCredentials(
  repository: Repository,
  { login, githubToken, env }: CredentialSources,
): Promise<Credentials | undefined> {
  if (login !== undefined && (await login.hosts).has(repository.host)) {
    const { username, password } = login;
    return { kind: 'basic', username, password };
  }
  for (const path of authFiles(env)) {
    const found = await credentialsIn(path, repository, env);
    if (found !== undefined) return found;
  }
  if (repository.host === 'ghcr.io' && githubToken !== undefined) {
    return { kind: 'basic', username: 'x-access-token', password: githubToken };
  }
  return undefined;
}

function authFiles(env: CredentialSources['env']): string[] {
  const home = env.HOME ?? homedir();
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
  if (file === undefined) return undefined;
  const names = namesOf(repository);
  for (const name of names) {
    const helper = file.credHelpers?.[name];
    if (helper !== undefined) return askHelper(helper, name, env);
  }
  if (file.credsStore !== undefined && file.credsStore !== '') {
    const server = repository.host === 'docker.io' ? hubServer : repository.host;
    const found = await askHelper(file.credsStore, server, env);
    if (found !== undefined) return found;
  }
  for (const name of names) {
    const found = credentialsOf(file.auths?.[name], path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The names a login may stand under, the most particular first: `host/ns/repo` … `host`, and Docker's URL forms. */
function namesOf(repository: Repository): string[] {
  const parts = formatRepository(repository).split('/');
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
  const { host } = repository;
  const urls = [`https://${host}`, `https://${host}/v1/`, `https://${host}/v2/`];
  const hub = [hubServer, 'index.docker.io', 'registry-1.docker.io'];
  return [...paths, ...urls, ...(host === 'docker.io' ? hub : [])];
}

function readAuthFile(path: string): AuthFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new Failure(`Cannot read the registry logins in ${path}: ${messageOf(error)}.`, { cause: error });
  }
  try {
    const json: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof json === 'object' && json !== null) return json as AuthFile;
  } catch {
    // The parser's message would quote the file, which holds secrets.
  }
  throw new Failure(`Cannot read the registry logins in ${path}: it is not a JSON object. Run docker login again.`);
}

function credentialsOf(entry: AuthEntry | undefined, path: string): Credentials | undefined {
  if (entry === undefined) return undefined;
  if (entry.identitytoken) return { kind: 'identity', token: entry.identitytoken };
  if (entry.registrytoken) return { kind: 'bearer', token: entry.registrytoken };
  if (entry.username && entry.password) return { kind: 'basic', username: entry.username, password: entry.password };
  if (!entry.auth) return undefined;
  const pair = Buffer.from(entry.auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = pair.indexOf(':');
  if (colon > 0) return { kind: 'basic', username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  throw new Failure(
    `Cannot read the registry logins in ${path}: an "auth" is not base64 of USER:PASSWORD. Run docker login again.`,
  );
}

/** Asks `docker-credential-NAME get`; the server goes in and the secret comes out by pipe. docker-credential-helpers README. */
async function askHelper(
  name: string,
  server: string,
  env: CredentialSources['env'],
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  if (findProgram(program, env) === undefined) {
    throw new Failure(
      `Cannot get the login for ${server}: Docker's config names the helper ${program}, which is not on PATH.`,
    );
  }
  const { code, stdout } = await runProgram(program, ['get'], { env, input: server });
  if (code !== 0) {
    if (/credentials not found|no credentials|not found in native keychain/i.test(stdout)) return undefined;
    throw new Failure(`Cannot get the login for ${server}: ${program} failed with exit code ${code}.`);
  }
  const { Username, Secret } = parseAnswer(stdout, program);
  if (Username === '<token>') return { kind: 'identity', token: Secret };
  return { kind: 'basic', username: Username, password: Secret };
}

function parseAnswer(stdout: string, program: string): { readonly Username: string; readonly Secret: string } {
  try {
    const { Username, Secret } = JSON.parse(stdout) as Record<string, unknown>;
    if (typeof Username === 'string' && typeof Secret === 'string') return { Username, Secret };
  } catch {
    // The parser's message would quote the answer, which holds a secret.
  }
  throw new Failure(`Cannot get a login from ${program}: its answer is not JSON with Username and Secret.`);
}
