/**
 * Runs real workflow files with act on this machine: test/workflow/workflow.yml with the step as `uses: ./`, the examples
 * that the documents show, with the registry on loopback in place of ghcr.io, and our own that proposes releases of Nix.
 * Installs what it needs and this machine lacks; Go builds act into .cache.
 */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, runProgram } from '../src/lib/process.ts';
import { startDistribution } from '../test/support/distribution.ts';
import { type Api, startApi } from '../test/support/github-api.ts';
import { startComments } from '../test/support/github-comments.ts';
import { act } from '../test/support/go-program.ts';
import { type Releases, startReleasesSite } from '../test/support/releases-site.ts';
import { run } from '../test/support/run.ts';
import { startSigstore } from '../test/support/sigstore.ts';
import { writeProgram } from '../test/support/write-program.ts';
import { builtWithGo } from './install-go-program.ts';
import { debianPackages } from './install-packages.ts';
import { meetRequirements } from './requirements.ts';

const root = new URL('..', import.meta.url).pathname;
const releaseTable = 'src/nix/releases.json';

await meetRequirements([
  debianPackages(['docker-registry', 'gh', 'git', 'nix-bin', 'nix-setup-systemd', 'skopeo']),
  builtWithGo(act),
]);
const registry = await startDistribution();
/** Lets nobody push who is not logged in, as ghcr.io does with a fork. */
const closed = await startDistribution({ login: true });
const github = await startComments();
const directory = await mkdtemp(join(tmpdir(), 'workflow-'));
const action = join(directory, 'action');
const project = join(directory, 'project');
const artifacts = join(directory, 'artifacts');
try {
  await copyAction();
  await copyProject();
  await testStep();
  await testPlatforms();
  await testPreview();
  await testRelease();
  await testFork();
  await testSigned();
  await testNixReleases();
  console.log('The workflows did what they say.');
} finally {
  await Promise.all([registry.close(), closed.close(), github.close()]);
  await rm(directory, { recursive: true, force: true });
}

/** What a release of the action holds: the files of this commit. */
async function copyAction(): Promise<void> {
  const files = (await run('git', ['ls-files', '-z'], { cwd: root })).split('\0').filter(name => name !== '');
  for (const name of files) await cp(join(root, name), join(action, name));
  await commit(action);
}

/** A user's project: the example's flake, with the workflows of the documents. */
async function copyProject(): Promise<void> {
  const workflows = join(project, '.github/workflows');
  await cp(join(root, 'examples/hello'), project, { recursive: true });
  await mkdir(workflows, { recursive: true });
  for (const name of await readdir(join(root, 'examples/workflows'))) {
    const text = await readFile(join(root, 'examples/workflows', name), 'utf8');
    const { host } = name === 'pull-request.yml' ? closed : registry;
    await writeFile(join(workflows, name), text.replaceAll('ghcr.io/', `${host}/`));
  }
  await commit(project);
}

async function commit(repository: string): Promise<void> {
  const git = (...args: string[]) => gitIn(repository, ...args);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', 'https://github.com/acme/app.git');
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--message=A commit to build');
}

function gitIn(repository: string, ...args: string[]): Promise<string> {
  return run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: repository });
}

interface Trigger {
  readonly event: string;
  readonly payload?: object;
  /** Variables of the runner. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a workflow of a repository; what it printed. */
async function runWorkflow(
  repository: string,
  workflow: string,
  { event, payload = {}, env = {} }: Trigger,
): Promise<string> {
  const eventPath = join(directory, 'event.json');
  await writeFile(eventPath, JSON.stringify(payload));
  const uses = (name: string, path: string) => ['--local-repository', `${name}=${path}`];
  const { code, stdout, stderr } = await runProgram(
    act.path,
    [
      event,
      ...['--eventpath', eventPath, '--workflows', workflow, '--no-cache-server'],
      ...['ubuntu-latest', 'ubuntu-24.04', 'ubuntu-24.04-arm'].flatMap(name => ['--platform', `${name}=-self-hosted`]),
      ...['--var', `REGISTRY=${registry.host}`],
      // Builders are the host's own programs, so they run here for whatever platform.
      ...['--env', 'NIX_CONFIG=sandbox = false\nsubstituters =\nextra-platforms = aarch64-linux'],
      ...['--env', `ARTIFACTS=${artifacts}`],
      ...['--env', `GITHUB_API_URL=${github.url}`, '--secret', 'GITHUB_TOKEN=token'],
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...uses('org/nix-image-action@v1', action),
      ...(await standIns(join(repository, workflow))).flatMap(({ name, path }) => uses(name, path)),
    ],
    { cwd: repository, env: process.env, onErrorLine: line => console.error(line) },
  );
  console.log(stdout);
  assert.equal(code, 0, `act failed:\n${stderr}`);
  return stdout;
}

/** The actions of GitHub's that a workflow uses, at whatever commit, and what stands for each here. */
async function standIns(file: string): Promise<{ name: string; path: string }[]> {
  const text = await readFile(file, 'utf8');
  const found = text.matchAll(/\buses: (actions\/(setup-node|upload-artifact|download-artifact)@\S+)/g);
  return [...found].map(([, name = '', action = '']) => ({ name, path: join(root, 'test/workflow', action) }));
}

async function inspect(reference: string, ...args: string[]) {
  return JSON.parse(await run('skopeo', ['inspect', '--tls-verify=false', ...args, `docker://${reference}`]));
}

/** Checkout, the step by `uses: ./`, a later step that reads its outputs, the post part. */
async function testStep(): Promise<void> {
  const stdout = await runWorkflow(action, 'test/workflow/workflow.yml', { event: 'push' });
  const seen = await inspect(`${registry.host}/acme/hello:from-workflow`);
  assert.equal(seen.Labels['org.example.run'], 'act');
  assert.equal(seen.Labels['org.opencontainers.image.source'], 'https://github.com/acme/app');
  assert.equal(seen.Labels['org.opencontainers.image.revision'], (await gitIn(action, 'rev-parse', 'HEAD')).trim());
  assert.ok(stdout.includes(`digest of the step before: ${seen.Digest}`), 'the later step reads the digest');
  assert.ok(stdout.includes(`image of the step before: ${registry.host}/acme/hello@${seen.Digest}`));
  assert.match(stdout, /Success - Post \.\//, 'the post part ran');
}

/** Two jobs push by digest, a third makes the index. */
async function testPlatforms(): Promise<void> {
  await gitIn(project, 'tag', 'v1.2.3');
  await runWorkflow(project, '.github/workflows/platforms.yml', {
    event: 'push',
    payload: { ref: 'refs/tags/v1.2.3' },
  });
  for (const tag of ['1.2.3', '1.2', 'latest']) {
    const { manifests } = await inspect(`${registry.host}/acme/app:${tag}`, '--raw');
    const platforms = manifests.map(({ platform }: { platform: { architecture: string } }) => platform.architecture);
    assert.deepEqual(platforms, ['amd64', 'arm64']);
  }
  await gitIn(project, 'tag', '--delete', 'v1.2.3');
}

/** A pull request gets an image and a comment; when it is closed the image is gone, and nothing else. */
async function testPreview(): Promise<void> {
  const sha = (await gitIn(project, 'rev-parse', 'HEAD')).trim();
  const repository = { full_name: 'acme/app', html_url: 'https://github.com/acme/app', default_branch: 'main' };
  const pull = { number: 12, head: { sha, ref: 'change', repo: repository }, base: { ref: 'main', repo: repository } };
  const event = (action: string) => ({ action, number: 12, pull_request: pull, repository });
  const preview = `${registry.host}/acme/app:pr-12`;

  await runWorkflow(project, '.github/workflows/preview.yml', { event: 'pull_request', payload: event('opened') });
  const { Digest } = await inspect(preview);
  const [comment] = github.comments;
  assert.ok(comment?.body.includes(`docker pull ${registry.host}/acme/app@${Digest}`), 'the comment has the digest');

  await runWorkflow(project, '.github/workflows/preview.yml', { event: 'pull_request', payload: event('closed') });
  const { RepoTags } = await inspect(`${registry.host}/acme/app:1.2.3`);
  assert.deepEqual(RepoTags.toSorted(), ['1.2', '1.2.3', 'latest']);
}

/** A commit becomes an image, and the release of the commit gives that image its tags, with the same layers. */
async function testRelease(): Promise<void> {
  const sha = (await gitIn(project, 'rev-parse', 'HEAD')).trim();
  const repository = { full_name: 'acme/app', html_url: 'https://github.com/acme/app', default_branch: 'main' };
  const push = (ref: string) =>
    runWorkflow(project, '.github/workflows/release.yml', { event: 'push', payload: { ref, repository } });
  await push('refs/heads/main');
  const built = await inspect(`${registry.host}/acme/app:sha-${sha}`);
  await gitIn(project, 'tag', 'v2.0.0');
  await push('refs/tags/v2.0.0');
  await gitIn(project, 'tag', '--delete', 'v2.0.0');
  const released = await inspect(`${registry.host}/acme/app:2.0`);
  assert.deepEqual(released.Layers, built.Layers);
  assert.equal(released.Labels['org.opencontainers.image.version'], '2.0.0');
  assert.notEqual(released.Digest, built.Digest);
}

/** The job of a fork hands on a layout, and a job of the repository pushes it and comments on the pull request. */
async function testFork(): Promise<void> {
  const sha = (await gitIn(project, 'rev-parse', 'HEAD')).trim();
  const repository = { full_name: 'acme/app', html_url: 'https://github.com/acme/app', default_branch: 'main' };
  const head = { sha, ref: 'change', repo: { full_name: 'stranger/app' }, user: { login: 'stranger' } };
  const pull = { number: 12, state: 'open' as const, head, base: { ref: 'main', repo: repository } };
  const event = { action: 'opened', number: 12, pull_request: pull, repository };
  github.pullRequests.push(pull);
  const stdout = await runWorkflow(project, '.github/workflows/pull-request.yml', {
    event: 'pull_request',
    payload: event,
  });
  assert.match(stdout, /Not pushed: /);
  const triggering = { id: 1, event: 'pull_request', conclusion: 'success', head_sha: sha, head_branch: 'change' };
  const workflowRun = { ...triggering, head_repository: { full_name: 'stranger/app' } };
  await runWorkflow(project, '.github/workflows/push-fork.yml', {
    event: 'workflow_run',
    payload: { workflow_run: workflowRun, repository },
  });
  const pushed = await inspect(`${registry.host}/acme/app-forks:${sha}`);
  assert.equal(pushed.Labels['org.opencontainers.image.revision'], sha);
  const [comment] = github.comments;
  assert.ok(comment?.body.includes(`docker pull ${registry.host}/acme/app-forks@${pushed.Digest}`), 'and the comment');
}

/** A job signs as its workflow, through a Sigstore on loopback, and another one verifies the image and uses its digest. */
async function testSigned(): Promise<void> {
  const sigstore = await startSigstore(directory);
  const tokens = await startApi((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ value: sigstore.tokenOf('acme/app/.github/workflows/signed.yml@refs/heads/main') }));
  });
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${tokens.url}/token?api-version=2`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request',
    GITHUB_WORKFLOW_REF: 'acme/app/.github/workflows/signed.yml@refs/heads/main',
  };
  try {
    const file = join(project, '.github/workflows/signed.yml');
    const text = await readFile(file, 'utf8');
    const withServices = text
      .replace('sign: keyless', `$&\n          signing-config: ${sigstore.signingConfig}`)
      .replace('require-signed:', `trusted-root: ${sigstore.trustedRoot}\n          $&`);
    await writeFile(file, withServices);
    const repository = { full_name: 'acme/app', html_url: 'https://github.com/acme/app', default_branch: 'main' };
    const payload = { ref: 'refs/heads/main', repository };
    const stdout = await runWorkflow(project, '.github/workflows/signed.yml', { event: 'push', payload, env });
    const { Digest } = await inspect(`${registry.host}/acme/app:signed`);
    assert.ok(
      stdout.includes(`deploy ${registry.host}/acme/app@${Digest}`),
      'the digest that was verified is deployed',
    );
    assert.match(stdout, /sbom of linux\/amd64: cyclonedx, \d+ store paths, all listed/);
    await writeFile(file, withServices.replace('signed.yml@refs/heads/main', 'other.yml@refs/heads/main'));
    await assert.rejects(
      runWorkflow(project, '.github/workflows/signed.yml', { event: 'push', payload, env }),
      'another identity is refused',
    );
    await writeFile(file, text);
  } finally {
    await Promise.all([sigstore.close(), tokens.close()]);
  }
}

/** A release that the table lacks is proposed: a commit with it on a branch, and a pull request that says what is new. */
async function testNixReleases(): Promise<void> {
  const known = JSON.parse(await readFile(join(action, releaseTable), 'utf8'));
  const releases = { ...known, '2.99.1': { 'x86_64-linux': 'a'.repeat(64), 'aarch64-linux': 'b'.repeat(64) } };
  const site = await startReleasesSite(releases);
  const pull = { number: 7, html_url: 'https://github.com/acme/app/pull/7' };
  const api = await startApi(({ method }, response) => {
    const isOpen = api.requests.some(({ line }) => line.startsWith('POST '));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(method === 'GET' ? (isOpen ? [pull] : []) : pull));
  });
  const origin = join(directory, 'origin.git');
  try {
    await run('git', ['init', '--quiet', '--bare', origin]);
    await gitIn(action, 'remote', 'set-url', '--push', 'origin', origin);
    const script = join(action, 'scripts/refresh-releases.ts');
    const text = await readFile(script, 'utf8');
    await writeFile(
      script,
      text.replaceAll(/https:\/\/(nix-releases\.s3\.amazonaws\.com|releases\.nixos\.org)/g, site.url),
    );
    await gitIn(action, 'commit', '--quiet', '--all', '--message=Releases on loopback');
    // For gh, GitHub is at github.localhost, which it asks by plain HTTP, and here by a proxy.
    const env = { GH_HOST: 'github.localhost', http_proxy: new URL(api.url).origin, PATH: await pathWithNpm() };
    // The second time the pull request is there.
    for (const event of ['schedule', 'workflow_dispatch']) {
      await runWorkflow(action, '.github/workflows/nix-releases.yml', { event, env });
    }
  } finally {
    await Promise.all([site.close(), api.close()]);
  }
  await checkProposedCommit(origin, releases);
  checkPullRequest(api.requests);
}

/** The table has the release, and dist all that it consists of. */
async function checkProposedCommit(origin: string, releases: Releases): Promise<void> {
  const names = async (...args: string[]) => (await gitIn(origin, ...args)).trim().split('\n');
  assert.deepEqual(JSON.parse(await gitIn(origin, 'show', `nix-releases:${releaseTable}`)), releases);
  const changed = await names('diff', '--name-only', 'nix-releases~', 'nix-releases');
  assert.deepEqual([...new Set(changed.map(name => name.replace(/^dist\/.*/, 'dist')))], ['dist', releaseTable]);
  const files = await names('ls-tree', '--name-only', 'nix-releases', 'dist/');
  const chunks = (await gitIn(origin, 'show', 'nix-releases:dist/main.mjs')).match(/(?<=")\.\/chunk-\w+\.mjs/g) ?? [];
  assert.notEqual(chunks.length, 0);
  for (const chunk of chunks) assert.ok(files.includes(join('dist', chunk)), `${chunk} is not in the commit`);
}

/** One was opened, and then changed. */
function checkPullRequest(requests: Api['requests']): void {
  const pulls = '/repos/acme/app/pulls';
  const look = `GET ${pulls}?head=acme:nix-releases&state=open`;
  assert.deepEqual(
    requests.map(({ line }) => line.replace('http://api.github.localhost', '')),
    [look, `POST ${pulls}`, look, `PATCH ${pulls}/7`],
  );
  const [, creation, , change] = requests.map(request => JSON.parse(request.body || '{}'));
  const { body, ...proposal } = creation;
  assert.deepEqual(proposal, { title: 'New releases of Nix', head: 'nix-releases', base: 'main' });
  assert.match(body, /^Nix 2\.99\.1 is new\.\nBefore merging, compare the checksums/);
  assert.deepEqual(change, { body });
}

/** A PATH whose npm takes the packages that are here for those that `npm ci` would fetch. */
async function pathWithNpm(): Promise<string> {
  const programs = join(directory, 'programs');
  const npm = findProgram('npm', process.env);
  const modules = join(root, 'node_modules');
  await mkdir(programs);
  await writeProgram(programs, 'npm', `[ "$1" != ci ] || exec ln -s '${modules}' node_modules\nexec '${npm}' "$@"`);
  return `${programs}:${process.env.PATH}`;
}
