import { type Api, startApi } from './github-api.ts';

interface Comment {
  readonly id: number;
  body: string;
  readonly html_url: string;
  readonly user: { readonly login: string; readonly type: 'Bot' | 'User' };
}

/** A pull request of acme/app, as far as a list of GitHub's tells of it here. */
export interface ListedPullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    /** Null where the fork is gone. */
    readonly repo: { readonly full_name: string } | null;
    readonly user: { readonly login: string };
  };
  readonly base: { readonly ref: string };
}

export interface Comments extends Api {
  readonly comments: Comment[];
  readonly pullRequests: ListedPullRequest[];
  /** Adds one by somebody else, or by us in another job. */
  add(body: string, user?: Comment['user']): Comment;
}

const bot = { login: 'github-actions[bot]', type: 'Bot' } as const;

/**
 * GitHub's API as far as comments on the pull request 12 of acme/app go, and the list of pull requests. docs.github.com,
 * "REST API endpoints for issue comments", "List pull requests". `before` sees a request before it is answered; a status that it gives is the answer.
 */
export async function startComments(
  before: (line: string, comments: Comments) => number | undefined = () => undefined,
): Promise<Comments> {
  const list = '/api/v3/repos/acme/app/issues/12/comments';
  const comments: Comment[] = [];
  const pullRequests: ListedPullRequest[] = [];
  let id = 0;
  const add = (body: string, user: Comment['user'] = bot) => {
    id += 1;
    const comment = { id, body, html_url: `https://github.com/acme/app/pull/12#issuecomment-${id}`, user };
    comments.push(comment);
    return comment;
  };
  const api = await startApi((request, response) => {
    const { method = '', url = '' } = request;
    const [path = '', query] = url.split('?');
    const body = JSON.parse(api.requests.at(-1)?.body || '{}');
    const send = (status: number, value?: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(value === undefined ? '' : JSON.stringify(value));
    const status = before(`${method} ${path}`, server);
    if (status !== undefined) return send(status, { message: 'Resource not accessible by integration' });
    // GraphQL names a bot without its suffix where it is an author, and with it as the viewer.
    if (path === '/api/graphql') return send(200, { data: { viewer: { login: bot.login } } });
    // On GitHub this is for people alone; on Gitea and Forgejo for all.
    if (path === '/api/v3/user') return send(200, { login: bot.login });
    if (path === '/api/v3/repos/acme/app/pulls') return send(200, select(pullRequests, new URLSearchParams(query)));
    if (path === list && method === 'GET') return send(200, comments);
    if (path === list && method === 'POST') return send(201, add(body.body));
    const index = comments.findIndex(one => path === `/api/v3/repos/acme/app/issues/comments/${one.id}`);
    const found = comments[index];
    if (found === undefined) return send(404, { message: 'Not Found' });
    if (method === 'PATCH') return send(200, Object.assign(found, body));
    comments.splice(index, 1);
    return send(204);
  });
  const server = { ...api, comments, pullRequests, add };
  return server;
}

/** `head` is `OWNER:BRANCH`; without it all are listed. */
function select(all: readonly ListedPullRequest[], query: URLSearchParams): ListedPullRequest[] {
  const head = query.get('head');
  return all
    .filter(({ state }) => state === query.get('state'))
    .filter(one => head === null || head === `${one.head.user.login}:${one.head.ref}`);
}
