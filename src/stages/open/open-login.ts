import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { inBackground } from '../../lib/pool.ts';
import { parseRepository, type Repository } from '../../oci/reference.ts';
import type { CredentialSources } from '../../registry/access/credentials.ts';
import type { Runtime } from '../../runtime.ts';

/** What names the registries of a run. */
interface Pushing {
  readonly inputs: Pick<Inputs, 'tagging'>;
  readonly metadata: { readonly references: readonly Repository[] };
}

/**
 * The login from the inputs, for the registries of the image names only: other registries, such as that of a base, must
 * not receive it. None if the run has no secrets.
 */
export function openLogin(
  { login }: Inputs,
  { context, log }: Runtime,
  described: Promise<readonly Pushing[]>,
): Pick<CredentialSources, 'login'> {
  if (login === undefined) return {};
  if (login.password !== '') return { login: { ...login, hosts: inBackground(described.then(hostsOf)) } };
  if (!context.isRestricted) {
    throw new Failure('Cannot log in with username alone: password is empty. Give username and password.');
  }
  log.info(`Not logged in as ${login.username}: pull requests from forks and by Dependabot get no secrets.`);
  return {};
}

/** Registries of `tags` and `images`, even if no rule gives a tag for this event, and of the tags of `metadata`. */
function hostsOf(described: readonly Pushing[]): ReadonlySet<string> {
  const repositories = described.flatMap(({ inputs, metadata }) => [
    ...metadata.references,
    ...inputs.tagging.references,
    ...(inputs.tagging.rules?.images ?? []).map(parseRepository),
  ]);
  return new Set(repositories.map(({ host }) => host));
}
