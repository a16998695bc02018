import { namesHost } from '../../lib/http/names-host.ts';
import type { Waits } from '../../lib/http/retry.ts';
import type { Transport } from '../../lib/http/transport.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import type { Log } from '../../runtime.ts';
import { type CredentialSources, findCredentials } from './credentials.ts';
import { type Actions, openRepository, type RepositoryClient } from './registry.ts';

/** Settings for connections to any registry. */
export interface RegistryAccess extends CredentialSources {
  readonly transport: Transport;
  readonly insecureRegistries: readonly string[];
  readonly log: Log;
  /** Waits between tries; the default suits production. */
  readonly waits?: Waits;
}

interface Purpose {
  readonly actions: Actions;
  /** Repositories of the same registry to mount blobs from. */
  readonly mountSources: readonly Repository[];
}

/** Opens one repository with the login found for it. */
export async function openClient(
  { host, path }: Repository,
  access: RegistryAccess & Purpose,
): Promise<RepositoryClient> {
  const repository = { host, path };
  const credentials = await findCredentials(repository, access);
  if (credentials !== undefined) {
    access.log.secret(credentials.kind === 'basic' ? credentials.password : credentials.token);
  }
  return openRepository(repository, { ...access, credentials, insecure: namesHost(access.insecureRegistries, host) });
}

export function isSameRepository(a: Repository, b: Repository): boolean {
  return a.host === b.host && a.path === b.path;
}

/** References grouped by repository, both in input order. */
export function byRepository<T extends Repository>(references: readonly T[]): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const reference of references) {
    const name = formatRepository(reference);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [reference]);
    else group.push(reference);
  }
  return [...groups.values()];
}
