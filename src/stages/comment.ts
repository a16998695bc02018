import { editComment } from '../github/edit-comment.ts';
import { findPullRequest, type PullRequest } from '../github/find-pull-request.ts';
import { type GitHubApi, GitHubError, openGitHubApi } from '../github/github-api.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { toTag } from '../metadata/compute-tags.ts';
import { digestOf } from '../oci/digest.ts';
import { formatReference, type Reference, type Repository } from '../oci/reference.ts';
import { openClient, type RegistryAccess } from '../registry/access/client.ts';
import { findManifest } from '../registry/content/manifests.ts';
import { readStored } from '../registry/read/stored-image.ts';
import { type ImageSummary, summarizeImage } from '../report/image-summary.ts';
import { commentMarker, type Preview, renderSection, sectionsOf, withSection } from '../report/preview-comment.ts';
import type { ImageResult, RunResult } from '../report/result.ts';
import type { WorkflowContext } from '../runtime.ts';
import type { StageContext } from './stage-context.ts';

/** An image with the inputs that it was built from. */
interface CommentedImage {
  readonly inputs: Inputs;
  readonly result: ImageResult;
  readonly run: RunResult;
}

/**
 * Comments on the pull request with the pushed images; one comment, kept up to date. `inputs` and the images of the run
 * correspond by index. A failure is only a warning: the push is done, and a fork's token may not write comments.
 */
export async function commentOnPullRequest(
  inputs: readonly Inputs[],
  run: RunResult,
  context: StageContext,
): Promise<void> {
  const { log } = context.runtime;
  const images = run.images.flatMap((result, i) => inputs.slice(i, i + 1).map(of => ({ inputs: of, result, run })));
  const wanted = images.filter(image => image.inputs.comment);
  const pushed = wanted.filter(({ result }) => result.pushed);
  if (wanted.length > pushed.length) log.info('Not commenting on images that were not pushed.');
  if (pushed.length === 0) return;
  try {
    const url = await writeComment(pushed, context);
    if (url !== undefined) log.info(`Commented: ${url}`);
  } catch (error) {
    const advice = adviceFor(error, context.runtime.context);
    log.warning(`Cannot comment on the pull request: ${messageOf(error)}${advice}`);
  }
}

/** GitHub also answers 404 if the token may not even read. */
function adviceFor(error: unknown, { isRestricted }: WorkflowContext): string {
  const isRefused = error instanceof GitHubError && [403, 404].includes(error.status) && error.retryAfter === undefined;
  if (!isRefused) return '';
  if (isRestricted) return ' Pull requests from forks and by Dependabot get a read-only token.';
  return ' Add "permissions: pull-requests: write" to the job.';
}

async function writeComment(images: readonly CommentedImage[], context: StageContext) {
  const { runtime, access } = context;
  const { repository, apiUrl } = runtime.context;
  if (!isForPullRequest(runtime.context)) {
    runtime.log.info('Not commenting: the run is not for a pull request.');
    return undefined;
  }
  if (repository === undefined || apiUrl === undefined) {
    throw new Failure('comments are written on GitHub, Gitea and Forgejo only.');
  }
  const token = images[0]?.inputs.githubToken;
  if (token === undefined) throw new Failure('github-token is not set.');
  const api = openGitHubApi({ apiUrl, token, send: access.transport.send, log: runtime.log });
  const pullRequest = await pullRequestOf(runtime.context, api, repository);
  if (pullRequest === undefined) {
    const { sha = 'the commit of the triggering run' } = runtime.context.triggeringRun ?? {};
    runtime.log.info(`Not commenting: there is no open pull request at ${sha}, or more than one.`);
    return undefined;
  }
  const previews: Preview[] = [];
  for (const image of images) previews.push(await readPreview(image, pullRequest, context));
  const sections = previews.map(renderSection);
  return editComment(api, {
    repository,
    pullRequest: pullRequest.number,
    apiUrl,
    marker: commentMarker,
    edit: bodies => {
      const there = bodies.flatMap(body => [...sectionsOf(body)].map(([key, text]) => ({ key, text })));
      return [...there, ...sections].reduce(withSection, '');
    },
  });
}

function isForPullRequest({ pullRequest, triggeringRun }: WorkflowContext): boolean {
  return pullRequest !== undefined || /^pull_request/.test(triggeringRun?.eventName ?? '');
}

/**
 * A `workflow_run` event lacks the pull request of a fork, and data from the fork cannot be trusted, so this asks
 * GitHub's API.
 */
async function pullRequestOf(
  { pullRequest, baseRef, triggeringRun = {} }: WorkflowContext,
  api: GitHubApi,
  own: string,
): Promise<PullRequest | undefined> {
  if (pullRequest !== undefined) return { number: pullRequest, baseRef };
  const { repository, branch, sha } = triggeringRun;
  if (repository === undefined || branch === undefined || sha === undefined) return undefined;
  return findPullRequest(api, own, { repository, branch, sha });
}

/** The pushed image beside the one of the base branch. */
async function readPreview(
  { inputs, result, run }: CommentedImage,
  { baseRef }: PullRequest,
  { runtime, access }: StageContext,
): Promise<Preview> {
  const { name, root, references, repositories, platforms, findings } = result;
  const [repository] = repositories;
  if (repository === undefined) throw new Failure('the image was pushed nowhere.');
  const { context } = runtime;
  const revision = platforms[0]?.labels['org.opencontainers.image.revision'] ?? context.revision;
  const base = await readBase(baseReferences(inputs, repository, baseRef), { runtime, access });
  return {
    ...{ repository, name, references, digest: root.digest, images: platforms },
    ...{ base, revision, work: run.work, cache: run.cache, stages: run.stages, findings, runUrl: context.runUrl },
  };
}

/** References that may name the image of the base branch, the most likely first. */
function baseReferences({ reuseFrom }: Inputs, { host, path }: Repository, baseRef: string | undefined): Reference[] {
  const tags = [toTag(baseRef ?? ''), 'latest'].filter(tag => tag !== undefined);
  return [...reuseFrom.slice(0, 1), ...tags.map(tag => ({ host, path, tag }))];
}

async function readBase(references: readonly Reference[], { runtime, access }: StageContext): Promise<Preview['base']> {
  for (const reference of references) {
    try {
      const client = await openClient(reference, { ...access, actions: 'pull', mountSources: [] });
      const manifest = await findManifest(client, reference.tag);
      if (manifest === undefined) continue;
      return { reference, images: await readSummaries(reference, digestOf(manifest.bytes), access) };
    } catch (error) {
      runtime.log.info(`Not compared with ${formatReference(reference)}: ${messageOf(error)}`);
    }
  }
  return undefined;
}

async function readSummaries(repository: Repository, name: string, access: RegistryAccess): Promise<ImageSummary[]> {
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  return (await readStored(client, name)).images.map(summarizeImage);
}
