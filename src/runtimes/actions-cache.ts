import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheBackend } from '../runtime.ts';

/** Longest wait before each new try if the service is rate-limited, in seconds. */
const longestWait = 60;
const tries = 3;

/**
 * Path of an entry in the archive that the service stores. The client hashes the path, as given, into the version of an
 * entry, which a later job must request. A relative path is the same whatever directories a runner uses.
 */
const member = 'nix-image-cache/entry';
/**
 * Options for GNU tar: an archive is always unpacked to the one file that we read, whatever names it contains. The
 * client lets tar follow absolute names and `..`.
 */
const onlyMember = `--transform=s,.*,${member},`;

/** The runner's cache service; undefined if there is none. Its client is large and loaded only when needed. */
export function openActionsCache(env: Readonly<Record<string, string | undefined>>): CacheBackend | undefined {
  const hasService = env.ACTIONS_RESULTS_URL || env.ACTIONS_CACHE_URL;
  if (!hasService) return undefined;
  return {
    async find(key, prefixes) {
      const { restoreCache } = await import('@actions/cache');
      return restoreCache([member], key, [...prefixes], { lookupOnly: true });
    },
    async restore(file, key, prefixes) {
      const { restoreCache } = await import('@actions/cache');
      return inDirectoryBeside(file, async directory => {
        const variables = { GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory, TAR_OPTIONS: onlyMember };
        const found = await patiently(() => withVariables(variables, () => restoreCache([member], key, [...prefixes])));
        const archived = join(directory, member);
        if (found === undefined || !(await lstat(archived)).isFile()) return undefined;
        await rename(archived, file);
        return found;
      });
    },
    async save(file, key) {
      const { saveCache } = await import('@actions/cache');
      return inDirectoryBeside(file, async directory => {
        const archived = join(directory, member);
        await mkdir(dirname(archived));
        await rename(file, archived);
        const variables = { GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory };
        // The client itself logs a warning with the reason.
        const saved = await patiently(async () => {
          const id = await withVariables(variables, () => fromDirectory(directory, () => saveCache([member], key)));
          return id === -1 ? undefined : true;
        });
        return saved !== undefined;
      });
    },
  };
}

/** Runs `body` with a new directory next to `file`, and removes the directory afterwards. */
async function inDirectoryBeside<T>(file: string, body: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(dirname(file), 'service-'));
  try {
    return await body(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * The client unpacks below GITHUB_WORKSPACE and leaves files of its own in RUNNER_TEMP. Our programs use a copy of the
 * environment.
 */
async function withVariables<T>(variables: Readonly<Record<string, string>>, body: () => Promise<T>): Promise<T> {
  const before = Object.keys(variables).map(name => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await body();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/**
 * The directory from which the client resolves the relative path of a file to save. In the post step nothing else runs
 * at the same time.
 */
async function fromDirectory<T>(directory: string, body: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(directory);
  try {
    return await body();
  } finally {
    process.chdir(before);
  }
}

/**
 * Calls the client again after the wait that a rate-limited service (429) requests. The client itself gives up without
 * reporting the reason, so this observes the responses that it receives.
 */
async function patiently<T>(call: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let tried = 1; ; tried++) {
    let wait: number | undefined;
    const look = (message: unknown) => {
      const { statusCode, headers } = (message as { readonly response: IncomingMessage }).response;
      if (statusCode === 429) wait = Number.parseInt(headers['retry-after'] ?? '', 10);
    };
    subscribe(answers, look);
    try {
      const result = await call();
      if (result !== undefined || wait === undefined || !(wait <= longestWait) || tried === tries) return result;
    } finally {
      unsubscribe(answers, look);
    }
    await sleep(wait * 1000);
  }
}

/** nodejs.org/api/diagnostics_channel.html, "HTTP". */
const answers = 'http.client.response.finish';
