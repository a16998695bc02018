/**
 * Runs the life of an image on a real forge on this machine: Gitea with its own runner, examples/workflows/gitea.yml, and
 * Gitea's registry. Installs what it needs and this machine lacks; Go builds the forge into .cache, which takes ten minutes.
 */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startForge } from '../test/support/forge.ts';
import { run } from '../test/support/run.ts';
import { forgeBuilt } from './install-forge.ts';
import { debianPackages } from './install-packages.ts';
import { meetRequirements } from './requirements.ts';

const root = new URL('..', import.meta.url).pathname;
/** Gitea reserves the name "org". */
const action = 'tools/nix-image-action';

await meetRequirements([
  debianPackages(['gcc', 'git', 'libc6-dev', 'nix-bin', 'nix-setup-systemd', 'skopeo']),
  forgeBuilt,
]);
// The builders of the example are programs of the machine.
const forge = await startForge({
  NIX_CONFIG: 'experimental-features = nix-command flakes\nsandbox = false\nsubstituters =',
});
const directory = await mkdtemp(join(tmpdir(), 'forge-projects-'));
try {
  await pushAction();
  await pushCheckout();
  // The token that docs/other-ci.md says to make.
  const password = await forge.makeToken('write:package');
  const app = await createProject('acme/app', { password });
  await testRefusedToken();
  await testImage(app);
  await testPreview(app);
  await testRelease(app);
  await testPrivate(password);
  console.log('The workflow did on the forge what it says.');
} finally {
  await forge.close();
  await rm(directory, { recursive: true, force: true });
}

/** A repository on the forge and its working tree. */
interface Project {
  /** `acme/app` */
  readonly name: string;
  readonly tree: string;
}

/** What a release of the action holds: the files of this commit. */
async function pushAction(): Promise<void> {
  const files = (await run('git', ['ls-files', '-z'], { cwd: root })).split('\0').filter(name => name !== '');
  const project = await createRepository(action, { isPrivate: false });
  for (const name of files) await cp(join(root, name), join(project.tree, name));
  await commit(project, 'A release');
  await git(project, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main', 'HEAD:refs/tags/v1');
}

async function pushCheckout(): Promise<void> {
  const project = await createRepository('actions/checkout', { isPrivate: false });
  await cp(join(root, 'test/workflow/checkout'), project.tree, { recursive: true });
  await commit(project, 'A release');
  await git(project, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main');
}

interface ProjectOptions {
  readonly isPrivate?: boolean;
  /** The secret PACKAGES_TOKEN, if the project has one. */
  readonly password?: string;
}

/** A user's project: the example's flake, with the workflow of the documents. */
async function createProject(name: string, { isPrivate = false, password }: ProjectOptions): Promise<Project> {
  const project = await createRepository(name, { isPrivate });
  await cp(join(root, 'examples/hello'), project.tree, { recursive: true });
  const workflow = await readFile(join(root, 'examples/workflows/gitea.yml'), 'utf8');
  const text = workflow
    .replaceAll('git.example.org/acme/app', `${forge.host}/${name}`)
    .replaceAll('org/nix-image-action', action)
    .replaceAll(/actions\/checkout@\S+/g, 'actions/checkout@main');
  const path = join(project.tree, '.gitea/workflows/image.yml');
  await mkdir(dirname(path), { recursive: true });
  const ofJob = text.replaceAll('secrets.PACKAGES_TOKEN', 'github.token');
  await writeFile(path, password === undefined ? ofJob : text);
  if (password !== undefined) {
    await forge.api('PUT', `/repos/${name}/actions/secrets/PACKAGES_TOKEN`, { data: password });
  }
  return project;
}

async function createRepository(name: string, { isPrivate }: { readonly isPrivate: boolean }): Promise<Project> {
  const [owner = '', repository = ''] = name.split('/');
  const visibility = isPrivate ? 'private' : 'public';
  await forge.api('POST', '/orgs', { username: owner, visibility }).catch((error: Error) => {
    if (!/already exists/.test(error.message)) throw error;
  });
  await forge.api('POST', `/orgs/${owner}/repos`, { name: repository, default_branch: 'main', private: isPrivate });
  const tree = join(directory, name);
  await mkdir(tree, { recursive: true });
  const project = { name, tree };
  await git(project, 'init', '--quiet', '--initial-branch=main');
  const { name: user, token } = forge.user;
  await git(project, 'remote', 'add', 'origin', `http://${user}:${token}@${forge.host}/${name}.git`);
  return project;
}

function git({ tree }: Project, ...args: string[]): Promise<string> {
  return run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: tree });
}

/** Commits all files; the hash of the commit. */
async function commit(project: Project, message: string): Promise<string> {
  await git(project, 'add', '--all', '--force');
  await git(project, 'commit', '--quiet', '--allow-empty', `--message=${message}`);
  return (await git(project, 'rev-parse', 'HEAD')).trim();
}

interface Run {
  readonly id: number;
  readonly event: string;
  readonly head_sha: string;
  readonly status: string;
  readonly conclusion: string;
}

/** Runs `change`, and waits for the run that it starts: its conclusion, and the logs of its jobs. */
async function runOf(
  { name }: Project,
  change: () => Promise<unknown>,
): Promise<{ readonly conclusion: string; readonly log: string }> {
  const listRuns = async () =>
    ((await forge.api('GET', `/repos/${name}/actions/runs`)) as { workflow_runs: Run[] | null }).workflow_runs ?? [];
  const before = new Set((await listRuns()).map(({ id }) => id));
  await change();
  for (let tried = 0; tried < 180; tried++) {
    const found = (await listRuns()).find(({ id }) => !before.has(id));
    if (found?.status === 'completed') return { conclusion: found.conclusion, log: await readLog(name, found.id) };
    await sleep(1000);
  }
  throw new Error(`No run of ${name} ended in three minutes`);
}

/** Runs `change`, whose run must succeed; its log. */
async function succeed(project: Project, change: () => Promise<unknown>): Promise<string> {
  const { conclusion, log } = await runOf(project, change);
  assert.equal(conclusion, 'success', log);
  // Commands that runners have deprecated. This runner itself prints "::set-output:: NAME=VALUE" for the output file.
  assert.doesNotMatch(log, /::set-(output|env) name=|::add-path::\S/);
  return log;
}

async function readLog(name: string, id: number): Promise<string> {
  const { jobs } = (await forge.api('GET', `/repos/${name}/actions/runs/${id}/jobs`)) as {
    jobs: { id: number; conclusion: string }[];
  };
  const ran = jobs.filter(({ conclusion }) => conclusion !== 'skipped');
  const logs = await Promise.all(ran.map(job => forge.api('GET', `/repos/${name}/actions/jobs/${job.id}/logs`)));
  const text = logs.join('\n');
  console.log(text);
  return text;
}

/** An image of the registry as its reader sees it, or undefined if there is none. */
async function inspect(reference: string) {
  const { name, token } = forge.user;
  const options = ['--tls-verify=false', '--creds', `${name}:${token}`];
  return JSON.parse(await run('skopeo', ['inspect', ...options, `docker://${forge.host}/${reference}`]));
}

async function tagsOf({ name }: Project): Promise<string[]> {
  const packages = (await forge.api('GET', `/packages/${name.split('/')[0]}?type=container`)) as { version: string }[];
  return packages.map(({ version }) => version).filter(version => !version.startsWith('sha256:'));
}

/** Gitea's registry refuses the token of a job; the error says what to use instead. */
async function testRefusedToken(): Promise<void> {
  const project = await createProject('acme/refused', {});
  const { conclusion, log } = await runOf(project, async () => {
    await commit(project, 'First');
    await git(project, 'push', '--quiet', 'origin', 'main');
  });
  assert.equal(conclusion, 'failure');
  assert.match(log, /does not accept the token of the job as the password.*write:package/);
}

/** Each commit of main becomes an image. Later runs find the result of an earlier one, or the entry of the store cache. */
async function testImage(app: Project): Promise<void> {
  const push = async (message: string) => {
    const sha = await commit(app, message);
    const log = await succeed(app, () => git(app, 'push', '--quiet', 'origin', 'main'));
    const seen = await inspect(`${app.name}:sha-${sha}`);
    assert.equal(seen.Labels['org.opencontainers.image.revision'], sha);
    assert.equal(seen.Labels['org.opencontainers.image.source'], `http://${forge.host}/${app.name}`);
    assert.equal((await inspect(`${app.name}:main`)).Digest, seen.Digest);
    return log;
  };
  assert.match(await push('First'), /cache-hit=false/);
  assert.match(await push('The same files'), /reused-build=true/);
  const file = join(app.tree, 'image.nix');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"nix"', '"Nix"'));
  assert.match(await push('Another label in the image'), /cache-hit=true/);
}

/** A pull request gets an image and one comment, which a later push updates; when it is closed, the image is gone. */
async function testPreview(app: Project): Promise<void> {
  const comments = async () =>
    (await forge.api('GET', `/repos/${app.name}/issues/1/comments`)) as { id: number; body: string }[];
  const expectComment = async () => {
    const { Digest } = await inspect(`${app.name}:pr-1`);
    const [comment, ...others] = await comments();
    assert.ok(comment);
    assert.deepEqual(others, []);
    assert.ok(comment.body.includes(`docker pull ${forge.host}/${app.name}@${Digest}`), comment.body);
    return comment;
  };
  const before = await tagsOf(app);
  await git(app, 'checkout', '--quiet', '-b', 'change');
  await commit(app, 'A change');
  await git(app, 'push', '--quiet', 'origin', 'change');
  const pull = { head: 'change', base: 'main', title: 'A change' };
  await succeed(app, () => forge.api('POST', `/repos/${app.name}/pulls`, pull));
  const first = await expectComment();

  await commit(app, 'Another change');
  await succeed(app, () => git(app, 'push', '--quiet', 'origin', 'change'));
  assert.equal((await expectComment()).id, first.id);

  await succeed(app, () => forge.api('PATCH', `/repos/${app.name}/pulls/1`, { state: 'closed' }));
  assert.deepEqual((await tagsOf(app)).toSorted(), before.toSorted());
  await git(app, 'checkout', '--quiet', 'main');
}

/** A tag gives the image of its commit new labels and tags. */
async function testRelease(app: Project): Promise<void> {
  await succeed(app, () => git(app, 'push', '--quiet', 'origin', 'main:refs/tags/v1.2.3'));
  const built = await inspect(`${app.name}:main`);
  const released = await inspect(`${app.name}:1.2`);
  assert.deepEqual(released.Layers, built.Layers);
  assert.equal(released.Labels['org.opencontainers.image.version'], '1.2.3');
  assert.equal((await inspect(`${app.name}:1.2.3`)).Digest, released.Digest);
}

/** The image of a private organisation is as private as its repository. */
async function testPrivate(password: string): Promise<void> {
  const project = await createProject('closed/app', { isPrivate: true, password });
  const sha = await commit(project, 'First');
  await succeed(project, () => git(project, 'push', '--quiet', 'origin', 'main'));
  assert.equal((await inspect(`${project.name}:main`)).Labels['org.opencontainers.image.revision'], sha);
  const anonymous = ['inspect', '--tls-verify=false', '--no-creds', `docker://${forge.host}/${project.name}:main`];
  await assert.rejects(run('skopeo', anonymous), /unauthorized|denied/i);
}
