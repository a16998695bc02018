import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { type ProgramOptions, type ProgramResult, runProgram } from '../src/lib/process.ts';
import { runStep } from './e2e/run-step.ts';
import { built } from './support/built.ts';
import { startApi } from './support/github-api.ts';
import { openPutter } from './support/put-content.ts';
import { startRegistry } from './support/registry.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const image = 'org.opencontainers.image';

/** Runs the step, in `mode: metadata` if no other is given, on this event; `files` has what its outputs and variables name. */
async function runMain(
  inputs: Readonly<Record<string, string>>,
  event: unknown,
  env: Readonly<Record<string, string>> = {},
  [program = process.execPath, ...before]: readonly string[] = [],
) {
  const files: Record<string, string> = {};
  const run = async (_: readonly string[], options: ProgramOptions): Promise<ProgramResult> => {
    const given: Record<string, string | undefined> = { ...options.env, PATH: process.env.PATH };
    await writeFile(given.GITHUB_EVENT_PATH ?? '', JSON.stringify(event));
    const result = await runProgram(
      program,
      [...before, ...(program === process.execPath ? [] : [process.execPath]), `${built}/main.mjs`],
      { ...options, env: given },
    );
    const named = `${await readFile(given.GITHUB_OUTPUT ?? '', 'utf8')}${await readFile(given.GITHUB_ENV ?? '', 'utf8')}`;
    for (const [path] of named.matchAll(/^\/.*\.json$/gm)) files[path] = await readFile(path, 'utf8');
    return result;
  };
  const step = await runStep({
    inputs: { mode: 'metadata', images: 'ghcr.io/acme/app', tags: 'type=raw,value=1.2', ...inputs },
    env: { GITHUB_REF: 'refs/heads/main', ...env },
    run,
  });
  return { ...step, files };
}

const push = {
  repository: { html_url: 'https://github.com/acme/app', description: 'Says hello', default_branch: 'main' },
};

test('mode: metadata sets outputs and writes a summary, and no variable of the environment', async () => {
  const { code, log, outputs, summary, env, files } = await runMain({}, push);
  assert.equal(code, 0, log);
  assert.equal(outputs.tags, 'ghcr.io/acme/app:1.2');
  assert.equal(outputs.version, '1.2');
  assert.match(summary, /^## Image metadata\n/);
  assert.ok(summary.includes(`\n| \`${image}.description\` | \`Says hello\` |\n`), summary);
  assert.deepEqual(env, {});
  assert.equal(files[outputs['json-file'] ?? ''], outputs.json);
  const { target } = JSON.parse(files[outputs['bake-file'] ?? ''] ?? '');
  assert.deepEqual(target['docker-metadata-action'].tags, ['ghcr.io/acme/app:1.2']);
});

test('mode: cleanup writes a summary of what was deleted', async t => {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const { digest } = await openPutter(registry.host, 'acme/app').image('preview', undefined, 'pr-12');
  const name = `${registry.host}/acme/app`;
  const { code, log, summary } = await runMain({ mode: 'cleanup', images: '', tags: `${name}:pr-12` }, push);
  assert.equal(code, 0, log);
  assert.match(summary, /^## Clean-up\n/);
  for (const gone of [`${name}@${digest}`, `${name}:pr-12`]) assert.ok(summary.includes(`| \`${gone}\` | deleted |`));
});

test('export-metadata sets the variables of docker/metadata-action, and names files for what is too long for one', async () => {
  const long = 'é'.repeat(35_000);
  const inputs = { 'export-metadata': 'true', labels: `long=${long}`, annotations: `index:long=${long}` };
  const { code, log, outputs, env, files } = await runMain(inputs, push);
  assert.equal(code, 0, log);
  assert.deepEqual(
    Object.keys(env).toSorted(),
    [
      'ANNOTATIONS_FILE',
      'BAKE_FILE',
      'BAKE_FILE_ANNOTATIONS',
      'BAKE_FILE_LABELS',
      'BAKE_FILE_TAGS',
      'JSON_FILE',
      'LABELS',
      'TAGS',
      'TAG_NAMES',
      'VERSION',
    ].map(name => `DOCKER_METADATA_OUTPUT_${name}`),
  );
  assert.equal(env.DOCKER_METADATA_OUTPUT_TAGS, 'ghcr.io/acme/app:1.2');
  assert.equal(env.DOCKER_METADATA_OUTPUT_LABELS, outputs.labels);
  assert.equal(files[env.DOCKER_METADATA_OUTPUT_ANNOTATIONS_FILE ?? ''], outputs.annotations);
  assert.equal(files[outputs['json-file'] ?? ''], outputs.json);
  assert.equal(JSON.parse(outputs.json ?? '').labels.long, long);
});

test('what an event does not say of the repository comes from the API, the time of the commit too', async () => {
  const api = await startApi(({ url }, response) => {
    const answer = url?.includes('/git/commits/')
      ? { committer: { date: '2021-02-03T04:05:06Z' } }
      : {
          html_url: 'https://github.com/acme/app',
          description: 'From the API',
          license: { spdx_id: 'MIT' },
          default_branch: 'main',
        };
    response.end(JSON.stringify(answer));
  });
  try {
    const event = {
      GITHUB_EVENT_NAME: 'schedule',
      GITHUB_API_URL: api.url,
      SOURCE_DATE_EPOCH: '',
      GITHUB_WORKSPACE: '/',
    };
    const tags = "type=edge\ntype=raw,value={{commit_date 'YYYYMMDD'}}";
    const { code, log, outputs } = await runMain({ tags }, { schedule: '0 3 * * *' }, event);
    assert.equal(code, 0, log);
    const { labels } = JSON.parse(outputs.json ?? '');
    assert.equal(labels[`${image}.description`], 'From the API');
    assert.equal(labels[`${image}.licenses`], 'MIT');
    assert.equal(labels[`${image}.created`], '2021-02-03T04:05:06Z');
    assert.equal(outputs['tag-names'], 'edge\n20210203');
    assert.deepEqual(
      api.requests.map(({ line }) => line),
      ['GET /api/v3/repos/acme/app', 'GET /api/v3/repos/acme/app/git/commits/0123456789012345678901234567890123456789'],
    );
    assert.ok(api.requests.every(({ headers }) => headers.authorization === 'Bearer ghs_secretOfTheWorkflow'));
    assert.ok(!log.replaceAll('::add-mask::ghs_secretOfTheWorkflow', '').includes('ghs_secret'));
  } finally {
    await api.close();
  }
});

suite('what a runner may lack', () => {
  test('a summary: none is written', async () => {
    assert.equal((await runMain({}, push, { GITHUB_STEP_SUMMARY: '' })).code, 0);
    const { code, log, outputs } = await runMain({}, push, { GITHUB_STEP_SUMMARY: '/nonexistent/summary' });
    assert.equal(code, 0, log);
    assert.match(log, /^::warning::Cannot write the job summary: /m);
    assert.equal(outputs.version, '1.2');
  });

  test('an event that is an object', async () => {
    for (const event of [
      null,
      [],
      'text',
      { repository: null, commits: null, head_commit: null, pull_request: null },
    ]) {
      const { code, log, outputs } = await runMain({}, event);
      assert.equal(code, 0, log);
      assert.equal(outputs.version, '1.2');
    }
  });

  test('a place for temporary files', async () => {
    assert.equal((await runMain({}, push, { RUNNER_TEMP: '' })).code, 0);
    const { code, log } = await runMain({}, push, { RUNNER_TEMP: '/nonexistent/temp' });
    assert.equal(code, 1);
    assert.match(log, /^::error::Cannot make a temporary directory in \/nonexistent\/temp: .* Set RUNNER_TEMP to /m);
  });

  test('a workspace', async () => {
    assert.equal((await runMain({}, push, { GITHUB_WORKSPACE: '/nonexistent/app' })).code, 0);
    const build = { mode: 'build', installable: '.', images: '', tags: '', cache: 'false' };
    const { code, log } = await runMain(build, push, { GITHUB_WORKSPACE: '/nonexistent/app' });
    assert.equal(code, 1);
    assert.match(log, /^::error::.*the directory \/nonexistent\/app does not exist\. Check out the repository/m);
  });

  test('an environment without variables of the name of an input', async () => {
    const { code, log } = await runMain({}, push, { INPUT_FOO: 'x' });
    assert.equal(code, 1);
    assert.match(log, /^::error::Cannot use the input "foo": unknown\..* sets INPUT_FOO: rename that variable\.$/m);
  });

  test('a home: neither HOME nor an entry in passwd', async () => {
    const run = await runMain({}, push, { HOME: '' }, ['unshare', '--user', '--map-user=54321']);
    assert.equal(run.code, 0, run.log);
  });
});
