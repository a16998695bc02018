import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { runProgram } from '../../src/lib/process.ts';
import { built } from '../support/built.ts';
import { compileCache } from '../support/compile-cache.ts';
import { distributionLogin, startDistribution } from '../support/distribution.ts';
import { gitlabJob } from '../support/gitlab-job.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeProgram } from '../support/write-program.ts';
import { root } from './run-step.ts';

const example = (name: string) => readFile(join(root, 'examples/other-ci', name), 'utf8');
const { user, password } = distributionLogin;

type Variables = Readonly<Record<string, string>>;

/** A checkout as a CI system makes it, a registry that wants a login, and an `npx` that runs this clone. */
async function openJob(t: TestContext) {
  const registry = await startDistribution({ login: true });
  t.after(() => registry.close());
  const directory = await temporaryDirectory(t);
  const [checkout, programs] = [join(directory, 'checkout'), join(directory, 'programs')];
  await cp(join(root, 'examples/hello'), checkout, { recursive: true });
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: checkout });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=A commit to build');
  await git('checkout', '--quiet', '--detach');
  const sha = (await git('rev-parse', 'HEAD')).trim();
  await mkdir(programs);
  const command = `[ "$*" != "\${*#--yes --package=nix-image-action nix-image }" ] || exit 64\nshift 3`;
  await writeProgram(programs, 'npx', `${command}\nexec '${process.execPath}' '${built}/cli.mjs' "$@"`);
  const image = `${registry.host}/acme/app`;
  const runScript = async (script: string, env: Variables) => {
    const { code, stderr } = await runProgram('sh', ['-euc', script, 'sh', image], {
      cwd: checkout,
      env: {
        PATH: `${programs}:${process.env.PATH}`,
        HOME: directory,
        // The builders of the example are programs of this machine.
        NIX_CONFIG: 'experimental-features = nix-command flakes\nsandbox = false\nsubstituters =',
        ...compileCache,
        ...env,
      },
    });
    assert.equal(code, 0, stderr);
    return stderr;
  };
  const inspect = async (tag: string) =>
    JSON.parse(
      await run('skopeo', [
        'inspect',
        '--tls-verify=false',
        '--creds',
        `${user}:${password}`,
        `docker://${image}:${tag}`,
      ]),
    );
  return { registry, directory, image, sha, runScript, inspect };
}

suite('the examples for other CI systems', () => {
  test("GitLab: the job's login, its branch, a preview of a merge request and its removal", async t => {
    const { registry, image, sha, runScript, inspect } = await openJob(t);
    const { variables, ...jobs } = parse(await example('gitlab-ci.yml'));
    const env: Variables = {
      ...gitlabJob,
      ...variables,
      CI_COMMIT_SHA: sha,
      CI_REGISTRY: registry.host,
      CI_REGISTRY_IMAGE: image,
      CI_REGISTRY_USER: user,
      CI_REGISTRY_PASSWORD: password,
    };
    const runJob = (name: string, variables: Variables) => runScript(jobs[name].script.join('\n'), variables);
    await runJob('image', env);
    const pushed = await inspect('main');
    assert.equal(pushed.Labels['org.opencontainers.image.revision'], sha);
    assert.equal(pushed.Labels['org.opencontainers.image.source'], gitlabJob.CI_PROJECT_URL);
    assert.equal((await inspect(`sha-${sha.slice(0, 7)}`)).Digest, pushed.Digest);

    const { CI_COMMIT_BRANCH: _, ...detached } = env;
    const mergeRequest = { ...detached, CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_IID: '12' };
    await runJob('preview', mergeRequest);
    assert.equal((await inspect('mr-12')).Labels['org.opencontainers.image.version'], 'mr-12');
    const log = await runScript(`${jobs.preview.script.join('\n')} --comment`, mergeRequest);
    assert.match(log, /warning: Cannot comment .*: comments are written on GitHub, Gitea and Forgejo only\./);
    await runJob('remove-preview', mergeRequest);
    assert.deepEqual((await inspect('main')).RepoTags.toSorted(), ['main', `sha-${sha.slice(0, 7)}`]);
  });

  test('Tekton: parameters, workspaces and a result', async t => {
    const { registry, directory, image, sha, runScript, inspect } = await openJob(t);
    const [step] = parse(await example('tekton-task.yaml')).spec.steps;
    const auth = Buffer.from(`${user}:${password}`).toString('base64');
    await writeFile(join(directory, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const values: Variables = {
      'params.image': image,
      'params.ref': 'refs/tags/v1.2.3',
      'params.revision': sha,
      'workspaces.dockerconfig.path': directory,
      'results.digest.path': join(directory, 'digest'),
    };
    const env = step.env.map(({ name, value }: { name: string; value: string }) => [
      name,
      value.replace(/\$\(([^)]*)\)/g, (_, key) => values[key] ?? assert.fail(key)),
    ]);
    await runScript(step.script, Object.fromEntries(env));
    const { Digest, Labels } = await inspect('v1.2.3');
    assert.equal(Labels['org.opencontainers.image.revision'], sha);
    assert.equal(await readFile(join(directory, 'digest'), 'utf8'), Digest);
  });

  test('a shell', async t => {
    const { sha, runScript, inspect } = await openJob(t);
    await runScript(await example('build.sh'), { REGISTRY_USER: user, REGISTRY_PASSWORD: password });
    assert.equal((await inspect('edge')).Labels['org.opencontainers.image.revision'], sha);
  });
});
