import { isObject } from '../lib/json-object.ts';
import { type GitHubApi, GitHubError } from './github-api.ts';

/** How to update the one comment of ours on a pull request. */
export interface CommentEdit {
  /** `acme/app` */
  readonly repository: string;
  readonly pullRequest: number;
  /** `https://api.github.com` */
  readonly apiUrl: string;
  /** Text that all our comments start with. */
  readonly marker: string;
  /**
   * The new comment, made from all comments that are ours now, the oldest first. Applied to its own result it changes
   * nothing.
   */
  readonly edit: (bodies: readonly string[]) => string;
}

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

const mostTries = 4;

/**
 * Writes the one comment of ours on a pull request, and returns its page. Changes only comments that the token's own
 * account wrote. GitHub cannot change a comment conditionally, so the comments are read again afterwards: if another
 * job has overwritten the text it is written again, and if two jobs created a comment at the same time the later one is
 * deleted.
 */
export async function editComment(api: GitHubApi, edit: CommentEdit): Promise<string | undefined> {
  const base = `repos/${edit.repository.split('/').map(encodeURIComponent).join('/')}/issues`;
  const login = await readLogin(api, edit.apiUrl);
  let created: Comment | undefined;
  for (let tried = 0; tried < mostTries; tried++) {
    const [first, ...extras] = withCreated(
      await listOwn(api, `${base}/${edit.pullRequest}/comments`, { edit, login }),
      created,
    );
    const body = edit.edit([first, ...extras].flatMap(one => one?.body ?? []));
    if (first === undefined) {
      created = parseComment(await api.request('POST', `${base}/${edit.pullRequest}/comments`, { body }));
      continue;
    }
    if (first.body === body && extras.length === 0) return first.url;
    if (first.body !== body) await api.request('PATCH', `${base}/comments/${first.id}`, { body });
    for (const { id } of extras) await remove(api, `${base}/comments/${id}`);
    created = undefined;
  }
  return created?.url;
}

/** A list may lag behind what was just written. */
function withCreated(own: readonly Comment[], created: Comment | undefined): Comment[] {
  const isMissing = created !== undefined && own.every(({ id }) => id !== created.id);
  return [...own, ...(isMissing ? [created] : [])].sort((a, b) => a.id - b.id);
}

async function listOwn(
  api: GitHubApi,
  path: string,
  { edit, login }: { readonly edit: CommentEdit; readonly login: string },
): Promise<Comment[]> {
  const own: Comment[] = [];
  for await (const page of api.pages(`${path}?per_page=100`)) {
    for (const item of Array.isArray(page) ? page : []) {
      const comment = parseComment(item);
      if (comment?.body.startsWith(edit.marker) && isBy(item, login)) own.push(comment);
    }
  }
  return own;
}

/**
 * The account of the token. On GitHub an app's token may not call `GET /user`, but may query GraphQL, which sometimes
 * omits `[bot]`. Gitea and Forgejo have no GraphQL, and let every token call `GET /user`.
 */
async function readLogin(api: GitHubApi, apiUrl: string): Promise<string> {
  const path = /\/api\/v3\/?$/.test(apiUrl) ? '../graphql' : 'graphql';
  try {
    const answer = await api.request('POST', path, { query: 'query { viewer { login } }' });
    const data = isObject(answer) && isObject(answer.data) ? answer.data : {};
    return loginOf(data.viewer);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return loginOf(await api.get('user'));
  }
}

function loginOf(account: unknown): string {
  const { login } = isObject(account) ? account : {};
  return typeof login === 'string' ? login : '';
}

function isBy(comment: unknown, login: string): boolean {
  const { login: author, type } = isObject(comment) && isObject(comment.user) ? comment.user : {};
  return login !== '' && (author === login || (type === 'Bot' && author === `${login}[bot]`));
}

function parseComment(item: unknown): Comment | undefined {
  const { id, body, html_url: url } = isObject(item) ? item : {};
  if (typeof id !== 'number' || typeof body !== 'string' || typeof url !== 'string') return undefined;
  return { id, body, url };
}

/** Another job may have been faster. */
async function remove(api: GitHubApi, path: string): Promise<void> {
  try {
    await api.request('DELETE', path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof GitHubError && error.status === 404;
}
