import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { editComment } from '../../src/github/edit-comment.ts';
import { openGitHubApi } from '../../src/github/github-api.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { logInto } from '../registry/push-image.ts';
import { failureWith } from '../support/failure.ts';
import { type Comments, startComments } from '../support/github-comments.ts';

const marker = '<!-- marker -->';

/** A comment is the marker and one word a job. */
const wordsOf = (body: string) => body.split('\n').slice(1);
const bodyOf = (...words: readonly string[]) => [marker, ...[...new Set(words)].sort()].join('\n');

async function start(t: TestContext, before?: Parameters<typeof startComments>[0]): Promise<Comments> {
  const server = await startComments(before);
  t.after(() => server.close());
  return server;
}

/** Writes a word into the comment as a job does. */
async function write(t: TestContext, server: Comments, word: string): Promise<string | undefined> {
  const transport = openTransport({ insecureHosts: [], env: {} });
  t.after(() => transport.close());
  const waits = { first: 1, longest: 5 };
  const api = openGitHubApi({ apiUrl: server.url, token: 'token', send: transport.send, log: logInto([]), waits });
  return editComment(api, {
    repository: 'acme/app',
    pullRequest: 12,
    apiUrl: server.url,
    marker,
    edit: bodies => bodyOf(...bodies.flatMap(wordsOf), word),
  });
}

const bodies = ({ comments }: Comments) => comments.map(({ body }) => body);

test('the first job writes a comment, later ones change it', async t => {
  const server = await start(t);
  assert.equal(await write(t, server, 'app'), 'https://github.com/acme/app/pull/12#issuecomment-1');
  await write(t, server, 'web');
  assert.deepEqual(bodies(server), [bodyOf('app', 'web')]);
});

test('a comment that is right already is not written', async t => {
  const server = await start(t);
  server.add(bodyOf('app'));
  await write(t, server, 'app');
  assert.deepEqual(
    server.requests.filter(({ line }) => /^(PATCH|DELETE)|POST .*comments/.test(line)),
    [],
  );
});

test('comments of others are left alone, whatever they begin with', async t => {
  const server = await start(t);
  server.add(`${marker}\nmine`, { login: 'mallory', type: 'User' });
  server.add(`${marker}\nmine`, { login: 'github-actions', type: 'User' });
  server.add(`${marker}\nmine`, { login: 'other[bot]', type: 'Bot' });
  server.add(`As I said:\n${marker}`);
  await write(t, server, 'app');
  assert.deepEqual(bodies(server).slice(4), [bodyOf('app')]);
  assert.equal(bodies(server).filter(body => body.endsWith('mine')).length, 3);
});

test('what another job has overwritten is written again', async t => {
  let raced = false;
  const server = await start(t, (line, { comments }) => {
    // The other job has read the comment before we wrote, and writes after us.
    const [comment] = comments;
    if (raced || comment === undefined || !line.startsWith('GET') || !comment.body.includes('app')) return undefined;
    raced = true;
    comment.body = bodyOf('web');
    return undefined;
  });
  server.add(bodyOf('old'));
  await write(t, server, 'app');
  assert.ok(raced);
  assert.deepEqual(bodies(server), [bodyOf('app', 'web')]);
});

test('of two comments begun at once the older one stays, with what both say', async t => {
  let raced = false;
  const server = await start(t, (line, { add }) => {
    if (raced || !line.startsWith('POST /api/v3/repos')) return undefined;
    raced = true;
    add(bodyOf('web'));
    return undefined;
  });
  await write(t, server, 'app');
  assert.deepEqual(bodies(server), [bodyOf('app', 'web')]);
  assert.equal(server.comments[0]?.id, 1);
});

test('jobs side by side all end up in one comment', async t => {
  const server = await start(t);
  const words = ['a', 'b', 'c', 'd'];
  await Promise.all(words.map(word => write(t, server, word)));
  // Whoever comes last puts right what is left.
  await write(t, server, 'a');
  assert.equal(server.comments.length, 1);
});

test('a list that lags behind makes no second comment', async t => {
  const server = await start(t, (line, { comments }) => {
    // What was written is not listed; it is there for all else.
    if (line.startsWith('GET')) listed.push(...comments.splice(0));
    return undefined;
  });
  const listed: unknown[] = [];
  await write(t, server, 'app');
  assert.equal(server.requests.filter(({ line }) => /^POST .*comments/.test(line)).length, 1);
  assert.equal(listed.length, 1);
});

test('without GraphQL, as on Gitea, REST says whose comments are ours', async t => {
  const server = await start(t, line => (line === 'POST /api/graphql' ? 404 : undefined));
  server.add(`${marker}\nmine`, { login: 'mallory', type: 'User' });
  await write(t, server, 'app');
  await write(t, server, 'web');
  assert.deepEqual(bodies(server), [`${marker}\nmine`, bodyOf('app', 'web')]);
});

test('a token that may not write is a Failure with what GitHub says', async t => {
  const server = await start(t, line => (line.startsWith('POST /api/v3') ? 403 : undefined));
  await assert.rejects(write(t, server, 'app'), failureWith('403', 'Resource not accessible by integration'));
});

test('an account that is not known owns no comment', async t => {
  const server = await start(t, line => (line === 'POST /api/graphql' ? 403 : undefined));
  server.add(bodyOf('old'));
  await assert.rejects(write(t, server, 'app'), failureWith('graphql', '403'));
  assert.deepEqual(bodies(server), [bodyOf('old')]);
});
