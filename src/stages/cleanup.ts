import { openContainerPackage } from '../github/container-package.ts';
import { openGitHubApi } from '../github/github-api.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { Failure } from '../lib/failure.ts';
import { formatRepository, type Repository } from '../oci/reference.ts';
import { byRepository, openClient } from '../registry/access/client.ts';
import type { RepositoryClient } from '../registry/access/registry.ts';
import { type Deletions, deleteTags, registryTagStore, type TagStore } from '../registry/delete/delete-tags.ts';
import type { CleanupResult } from '../report/result.ts';
import type { Runtime } from '../runtime.ts';
import type { Described } from './publish/open-publications.ts';
import type { StageContext } from './stage-context.ts';

/** Deletes the tags that the inputs name, and manifests that only these tags kept. */
export async function cleanUp(
  described: readonly [Described, ...Described[]],
  { runtime, access }: StageContext,
): Promise<CleanupResult> {
  const [{ inputs, metadata }] = described;
  const references = described.flatMap(one => one.metadata.references);
  if (references.length === 0) {
    throw new Failure(
      'Cannot clean up: tags gives no reference for this event. Give references, or images and a rule for the event, such as type=ref,event=pr.',
    );
  }
  const { dryRun } = inputs;
  const all: Deletions[] = [];
  for (const tags of byRepository(references)) {
    const [repository] = tags;
    const isGitHub = isGitHubRegistry(repository, runtime);
    const actions = isGitHub ? 'pull' : 'pull,delete';
    const client = await openClient(repository, { ...access, actions, mountSources: [] });
    const tagStore = isGitHub
      ? await openGitHubTagStore(client, { inputs, runtime, access })
      : registryTagStore(client);
    const names = [...new Set(tags.map(({ tag }) => tag))];
    all.push(await deleteTags(names, { client, tagStore, dryRun, log: runtime.log }));
  }
  const [deleted, kept] = [all.flatMap(one => one.deleted), all.flatMap(one => one.kept)];
  return { metadata, deleted, kept, dryRun };
}

/** Restores the ref of a merged pull request, whose run has the ref of its base branch. docs.github.com, "github.ref" */
export function asPullRequest(runtime: Runtime): Runtime {
  const { pullRequest } = runtime.context;
  if (pullRequest === undefined) return runtime;
  return { ...runtime, context: { ...runtime.context, ref: `refs/pull/${pullRequest}/merge` } };
}

/** ghcr.io, or the container registry of a GitHub Enterprise Server. */
function isGitHubRegistry({ host: registry }: Repository, { context }: Runtime): boolean {
  const { repositoryUrl } = context;
  const isServers = repositoryUrl !== undefined && registry === `containers.${new URL(repositoryUrl).host}`;
  return registry === 'ghcr.io' || isServers;
}

async function openGitHubTagStore(
  { repository }: RepositoryClient,
  { inputs, runtime, access }: StageContext & { readonly inputs: Inputs },
): Promise<TagStore> {
  const { githubToken: token } = inputs;
  if (token === undefined) {
    throw new Failure(
      `Cannot clean up ${formatRepository(repository)}: deleting package versions through GitHub's API needs github-token. Set it.`,
    );
  }
  const { apiUrl = 'https://api.github.com' } = runtime.context;
  const api = openGitHubApi({ apiUrl, token, send: access.transport.send, log: runtime.log });
  return openContainerPackage(api, repository.path);
}
