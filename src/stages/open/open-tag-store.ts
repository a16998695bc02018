import { openContainerPackage } from '../../github/container-package.ts';
import { openGitHubApi } from '../../github/github-api.ts';
import { Failure } from '../../lib/failure.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import { openClient, type RegistryAccess } from '../../registry/access/client.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { registryTagStore, type TagStore } from '../../registry/delete/delete-tags.ts';
import type { Runtime } from '../../runtime.ts';

interface Opened {
  readonly client: RepositoryClient;
  readonly tagStore: TagStore;
}

/** Opens a repository whose tags are to be deleted: by its registry's API, or for ghcr.io by GitHub's. */
export async function openTagStore(
  { host, path }: Repository,
  { runtime, access }: { readonly runtime: Runtime; readonly access: RegistryAccess },
): Promise<Opened> {
  const isGitHub = isGitHubRegistry(host, runtime);
  const actions = isGitHub ? 'pull' : 'pull,delete';
  const client = await openClient({ host, path }, { ...access, actions, mountSources: [] });
  const tagStore = isGitHub ? await openGitHubTagStore(client, { runtime, access }) : registryTagStore(client);
  return { client, tagStore };
}

/** ghcr.io, or the container registry of a GitHub Enterprise Server. */
function isGitHubRegistry(registry: string, { context }: Runtime): boolean {
  const { repositoryUrl } = context;
  const isServers = repositoryUrl !== undefined && registry === `containers.${new URL(repositoryUrl).host}`;
  return registry === 'ghcr.io' || isServers;
}

async function openGitHubTagStore(
  { repository }: RepositoryClient,
  { runtime, access }: { readonly runtime: Runtime; readonly access: RegistryAccess },
): Promise<TagStore> {
  const { githubToken: token } = access;
  if (token === undefined) {
    throw new Failure(
      `Cannot clean up ${formatRepository(repository)}: deleting package versions through GitHub's API needs github-token. Set it.`,
    );
  }
  const { apiUrl = 'https://api.github.com' } = runtime.context;
  const api = openGitHubApi({ apiUrl, token, send: access.transport.send, log: runtime.log });
  return openContainerPackage(api, repository.path);
}
