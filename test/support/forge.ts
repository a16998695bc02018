import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startDaemon } from './daemon.ts';
import { goProgram } from './go-program.ts';
import { run } from './run.ts';

/** A forge with a container registry, and the runner of its workflows. */
export const gitea = goProgram('code.gitea.io/gitea', 'v1.26.0');
export const giteaRunner = goProgram('gitea.com/gitea/runner', 'v1.0.8');

/** Files that Gitea reads at run time. */
export const forgeFiles = join(dirname(gitea.path), 'files');

const modules = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const label = 'ubuntu-24.04';
const administrator = 'root1';

/** Gitea on loopback with one runner, whose jobs run on this machine. */
export interface Forge {
  /** `127.0.0.1:PORT`, plain HTTP; also that of the registry. */
  readonly host: string;
  /** A user who may do everything. */
  readonly user: { readonly name: string; readonly token: string };
  /** Asks the REST API: `/repos/acme/app`. Throws unless the status is 2xx. */
  api(method: string, path: string, body?: object): Promise<unknown>;
  /** Makes a token of the user for some scopes only: `write:package`. */
  makeToken(scopes: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a forge with a directory of its own. `env` is added to every job. */
export async function startForge(env: Readonly<Record<string, string>>): Promise<Forge> {
  const directory = await mkdtemp(join(tmpdir(), 'forge-'));
  const host = `127.0.0.1:${await findPort()}`;
  const home = join(directory, 'home');
  await mkdir(home);
  const settings = join(directory, 'app.ini');
  const own = { ...process.env, HOME: home, USER: userInfo().username, GITEA_WORK_DIR: directory };
  const ask = (...args: string[]) => run(gitea.path, ['--config', settings, ...args], { env: own });
  const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
  await writeFile(settings, settingsOf(directory, host));
  await ask('migrate');
  const user = ['--username', administrator, '--password', randomBytes(16).toString('hex')];
  await ask(
    'admin',
    'user',
    'create',
    '--admin',
    ...user,
    '--email',
    'root1@example.org',
    '--must-change-password=false',
  );
  const tokenOf = ['admin', 'user', 'generate-access-token', '--username', administrator, '--raw'];
  const makeToken = async (scopes: string) =>
    lastLine(await ask(...tokenOf, '--token-name', scopes, '--scopes', scopes));
  const token = await makeToken('all');
  const server = await startDaemon(
    ['env', ...variables(own), gitea.path, '--config', settings, 'web'],
    /Listen: http|Starting new Web server/,
  );
  await waitUntilHealthy(host);
  const runner = await startRunner({ directory, host, env }, lastLine(await ask('actions', 'generate-runner-token')));
  return {
    host,
    user: { name: administrator, token },
    makeToken,
    api: (method, path, body) => askApi({ url: `http://${host}/api/v1${path}`, token }, method, body),
    async close() {
      await runner.end();
      await server.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Any free port, which Gitea must know beforehand: its own address is in all that it writes. */
async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

function variables(env: Readonly<Record<string, string | undefined>>): string[] {
  return ['HOME', 'USER', 'GITEA_WORK_DIR'].map(name => `${name}=${env[name]}`);
}

/** docs.gitea.com, "Configuration Cheat Sheet". */
function settingsOf(directory: string, host: string): string {
  const port = host.split(':').at(-1);
  const secret = () => randomBytes(32).toString('hex');
  return `
RUN_USER = ${userInfo().username}
RUN_MODE = prod
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://${host}/
STATIC_ROOT_PATH = ${forgeFiles}
APP_DATA_PATH = ${directory}/data
DISABLE_SSH = true
OFFLINE_MODE = true
GRACEFUL_HAMMER_TIME = 2s
[database]
DB_TYPE = sqlite3
PATH = ${directory}/gitea.db
[repository]
ROOT = ${directory}/repositories
[security]
INSTALL_LOCK = true
SECRET_KEY = ${secret()}
[oauth2]
ENABLED = false
[actions]
ENABLED = true
DEFAULT_ACTIONS_URL = self
[cron.update_checker]
ENABLED = false
[indexer]
ISSUE_INDEXER_TYPE = db
[log]
LEVEL = info
MODE = console
STDERR = true
`;
}

async function waitUntilHealthy(host: string): Promise<void> {
  for (let tried = 0; tried < 100; tried++) {
    const answer = await fetch(`http://${host}/api/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error(`Gitea at ${host} is not healthy after 20 s`);
}

interface RunnerOptions {
  readonly directory: string;
  readonly host: string;
  readonly env: Readonly<Record<string, string>>;
}

async function startRunner({ directory, host, env }: RunnerOptions, token: string) {
  const config = join(directory, 'runner.json');
  const labels = [`${label}:host`];
  await writeFile(
    config,
    // JSON is YAML.
    JSON.stringify({
      log: { level: 'info' },
      runner: {
        file: join(directory, 'runner-state'),
        capacity: 1,
        envs: env,
        labels,
        fetch_interval: '1s',
        fetch_interval_max: '1s',
      },
      cache: { enabled: true, dir: join(directory, 'cache'), host: '127.0.0.1' },
      host: { workdir_parent: join(directory, 'jobs') },
    }),
  );
  const own = { ...process.env, HOME: join(directory, 'home') };
  const instance = ['--instance', `http://${host}`, '--token', token, '--name', 'here', '--labels', labels.join()];
  await run(giteaRunner.path, ['register', '--no-interactive', '--config', config, ...instance], { env: own });
  const path = `${modules}:${process.env.PATH}`;
  return startDaemon(
    ['env', `HOME=${own.HOME}`, `PATH=${path}`, giteaRunner.path, 'daemon', '--config', config],
    /declare successfully|polling/i,
  );
}

async function askApi(
  { url, token }: { readonly url: string; readonly token: string },
  method: string,
  body: object | undefined,
): Promise<unknown> {
  const headers = { authorization: `token ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
}
