import { Failure } from '../lib/failure.ts';
import type { WorkflowContext } from '../runtime.ts';
import type { Checkout } from './checkout.ts';
import { known } from './known.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The context at a terminal, read from git. A CI system may check out a commit without a branch, or leave no `.git`, so
 * these variables take precedence: NIX_IMAGE_REF, NIX_IMAGE_REVISION, NIX_IMAGE_REPOSITORY_URL and
 * NIX_IMAGE_DEFAULT_BRANCH. A Failure if one has a value of another form. A pull request may come from anyone.
 */
export function terminalContext(env: Environment, { branch, ...checkout }: Checkout): WorkflowContext {
  const repositoryUrl = readRepositoryUrl(env) ?? checkout.repositoryUrl ?? '';
  const [, repository] = /^https:\/\/github\.com\/([^/]+\/[^/]+)$/.exec(repositoryUrl) ?? [];
  const revision = readRevision(env) ?? checkout.revision;
  const ref = readRef(env) ?? refOf(checkout.gitTag, branch);
  return known({
    ...(checkout.revision === revision ? checkout : { checkoutTime: checkout.commitTime }),
    repositoryUrl: repositoryUrl || undefined,
    repositoryName: repositoryUrl.split('/').at(-1) || undefined,
    repository,
    apiUrl: repository === undefined ? undefined : 'https://api.github.com',
    revision,
    gitTag: ref?.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : undefined,
    ref,
    sha: revision,
    defaultBranch: env.NIX_IMAGE_DEFAULT_BRANCH || undefined,
    isTrusted: !ref?.startsWith('refs/pull/'),
  });
}

function refOf(gitTag: string | undefined, branch: string | undefined): string | undefined {
  if (gitTag !== undefined) return `refs/tags/${gitTag}`;
  return branch === undefined ? undefined : `refs/heads/${branch}`;
}

function readRef({ NIX_IMAGE_REF: ref = '' }: Environment): string | undefined {
  if (ref === '' || /^refs\/(?:heads|tags)\/\S+$|^refs\/pull\/\d+\/merge$/.test(ref)) return ref || undefined;
  throw new Failure(
    `Cannot use NIX_IMAGE_REF="${ref}": give refs/heads/BRANCH, refs/tags/TAG or refs/pull/NUMBER/merge.`,
  );
}

function readRevision({ NIX_IMAGE_REVISION: revision = '' }: Environment): string | undefined {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/.test(revision)) return revision || undefined;
  throw new Failure(`Cannot use NIX_IMAGE_REVISION="${revision}": give the full hash of a commit.`);
}

function readRepositoryUrl({ NIX_IMAGE_REPOSITORY_URL: url = '' }: Environment): string | undefined {
  if (url === '') return undefined;
  if (/^https?:\/\/[^\s@?#]+$/.test(url) && URL.canParse(url)) return url.replace(/\/$/, '');
  throw new Failure('Cannot use NIX_IMAGE_REPOSITORY_URL: give https://HOST/OWNER/NAME, without a login.');
}
