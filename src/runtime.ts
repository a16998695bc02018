import type { ExecOptions, ProgramResult } from './lib/process.ts';

/** What the outside world offers a run: a GitHub runner or a terminal. Types only. */
export interface Runtime {
  readonly log: Log;
  /** Environment for this process and for the programs it runs. `exportVariable` and `addPath` show up here at once. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Additional variables for programs that run git in the checkout. */
  readonly gitEnv?: Readonly<Record<string, string>> | undefined;
  /**
   * Runs a program by argument list and waits for it. A non-zero exit is a result; a Failure when it cannot be started.
   */
  readonly exec: Exec;
  /** The checkout; relative paths start here. */
  readonly directory: string;
  /** A directory of this run alone, removed when it ends. */
  readonly temporary: string;
  /** Makes a directory for files that later steps of the job read. */
  createDirectory(): Promise<string>;
  readonly context: WorkflowContext;
  /** Paths of tracked files in the checkout that differ from its commit; undefined if that is unknown. */
  changedFiles(): Promise<readonly string[] | undefined>;
  /**
   * The commit whose files a directory of the checkout has unchanged, those of submodules included; undefined if a
   * tracked file differs, if one of `files` in the directory is not tracked, or if this cannot be told, as of a file
   * with a git filter.
   */
  cleanCommit(directory: string, files: readonly string[]): Promise<CleanCommit | undefined>;
  /** Makes a path from the user absolute, starting at `directory`. */
  resolve(path: string): string;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Whether this is a GitHub-hosted machine that is discarded after the job, so that its settings may be changed. */
  readonly isDisposable: boolean;
  /** Tool cache that outlasts the job, if there is one. */
  readonly tools?: ToolCache | undefined;
  /** Prepends a directory to PATH, for this and later steps. */
  addPath(directory: string): void;
  /** Sets an environment variable for this and later steps. */
  exportVariable(name: string, value: string): void;
  /** The runner's cache service, if it has one. */
  readonly cache?: CacheBackend | undefined;
  /**
   * Aborted when the run is cancelled, with a Failure as the reason. Code that changes things in steps checks it
   * between steps.
   */
  readonly cancelled: AbortSignal;
  /** Delays the exit of a cancelled run until `work` settles, 5 s at most: time to undo a partial change. */
  holdExit<T>(work: Promise<T>): Promise<T>;
  /** Stores a task for the post step, replacing an earlier one. If undefined, the task has to be done at once. */
  afterJob?(task: string): Promise<void>;
  readonly signing: SigningSource;
  /** Record shared by all uses of the action in one job, if there is a job. */
  readonly job?: JobRecord | undefined;
}

/** What this machine offers to sign with, besides the inputs. */
export interface SigningSource {
  /** Password of an encrypted key, `COSIGN_PASSWORD`; empty if there is none. */
  readonly keyPassword: string;
  /** A fresh OIDC token for an audience; a Failure that says why there is none. */
  identityToken(audience: string): Promise<string>;
}

/** A commit that is checked out unchanged. */
export interface CleanCommit {
  /** Full commit hash. */
  readonly revision: string;
  /** Where in the repository the directory is; empty for all of it. */
  readonly directory: string;
  /** The commits whose parents are missing, one per line: a flake can read how many commits there are. Empty if none are. */
  readonly shallow: string;
}

export type Exec = (program: string, args: readonly string[], options?: ExecOptions) => Promise<ProgramResult>;

/** A text that lasts as long as the job. Any step of the job may change it, so readers must validate it. */
export interface JobRecord {
  /** Undefined before the first `write`; a Failure if another user has put something in its place. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

/** Tools for this machine's architecture, one file each. The contents are not trusted. */
export interface ToolCache {
  /** Absolute path; undefined if there is none. */
  find(name: string, version: string): Promise<string | undefined>;
  /** Copies `file` into the cache. */
  keep(file: string, name: string, version: string): Promise<void>;
}

/** Storage for entries of the store cache, one file each. */
export interface CacheBackend {
  /**
   * Key of the entry that `restore` would write, if it can be determined without downloading; undefined if there is
   * none.
   */
  find(key: string, prefixes: readonly string[]): Promise<string | undefined>;
  /**
   * Writes the entry of `key`, else the newest one whose key starts with one of `prefixes`, to `file`; its key, or
   * undefined if there is none.
   */
  restore(file: string, key: string, prefixes: readonly string[]): Promise<string | undefined>;
  /** Saves `file`, which may be moved away; false if the service refused it, after logging the reason. */
  save(file: string, key: string): Promise<boolean>;
}

export interface Log {
  info(text: string): void;
  /** Something that users should see although nothing went wrong. */
  notice(text: string): void;
  warning(text: string): void;
  debug(text: string): void;
  /** Runs `body`, with its output under a heading. */
  group<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** Something that takes time, shown until it ends: `building hello-1.0`; `size` in bytes if it is known. */
  activity(name: string, size?: number): Activity;
  /** Masks this value from now on, wherever it would be printed. */
  secret(value: string): void;
  /** The text with every such value masked, to be written elsewhere. */
  masked(text: string): string;
}

/** Something that is going on. */
export interface Activity {
  /** So many more bytes are done. */
  add(bytes: number): void;
  end(): void;
}

/** The finished run that triggered this one. Every field may be unknown. docs.github.com, "workflow_run" */
interface TriggeringRun {
  readonly eventName?: string | undefined;
  /** Head commit, which that run built. */
  readonly sha?: string | undefined;
  /** `stranger/app`: the repository of that commit, possibly a fork. */
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
}

/** A run of a workflow. docs.github.com, "Variables" */
interface WorkflowRun {
  /** `https://github.com` */
  readonly server: string;
  /** `acme/app` */
  readonly repository: string;
  /** `.github/workflows/build.yml` */
  readonly path: string;
  /** Full git ref that the workflow file is from. */
  readonly ref: string;
  readonly repositoryId: string;
  readonly ownerId: string;
  /** `github-hosted` or `self-hosted`. */
  readonly runnerEnvironment: string;
  /** Page of this attempt. */
  readonly invocation: string;
}

/** Facts about the commit that the image is built from. Every field may be unknown. */
export interface WorkflowContext {
  /** `https://github.com/acme/app`, no trailing slash. */
  readonly repositoryUrl?: string;
  /** Last part of the repository's name. */
  readonly repositoryName?: string;
  /** `acme/app`, the name in GitHub's API at `apiUrl`. */
  readonly repository?: string;
  /** `https://api.github.com`, `https://HOST/api/v3` of an Enterprise Server. */
  readonly apiUrl?: string;
  /** Number of the pull request that the event is about. */
  readonly pullRequest?: number;
  /** Page of the run, for people. */
  readonly runUrl?: string;
  /** The run as provenance names it. */
  readonly workflow?: WorkflowRun;
  /** Empty if the repository has none. */
  readonly description?: string;
  /** SPDX identifier. */
  readonly license?: string;
  /** Full commit hash. */
  readonly revision?: string;
  /** Whether the files that are built differ from those of the commit. */
  readonly isDirty?: boolean;
  /** The git tag that the run is for. */
  readonly gitTag?: string;
  /** Commit time of `sha`, Unix seconds. */
  readonly commitTime?: number;
  /** Commit time of what is checked out, where that is another commit, Unix seconds. */
  readonly checkoutTime?: number;
  /**
   * Whether other runs may use what this run caches: true for the default branch, and for a pull request from the
   * repository itself.
   */
  readonly isTrusted?: boolean;
  /**
   * Whether the run may have a read-only token and no secrets: true for a pull request from a fork or by Dependabot.
   */
  readonly isRestricted?: boolean;
  /** The run that a `workflow_run` event is about. */
  readonly triggeringRun?: TriggeringRun;
  /** `push`, `pull_request`, `schedule`. docs.github.com, "Events that trigger workflows". */
  readonly eventName?: string;
  /** Full git ref: `refs/heads/main`, `refs/tags/v1`; `refs/pull/12/merge` for any pull request. */
  readonly ref?: string;
  /** The commit that the run is for; in a pull request the merge commit, while `revision` is the head. */
  readonly sha?: string;
  /** Branch that a pull request targets, or that a tag was pushed from. */
  readonly baseRef?: string;
  readonly defaultBranch?: string;
  /** Length of short commit hashes, if the workflow sets one other than 7. */
  readonly shortShaLength?: number;
  /** Levels of annotations without a prefix; the manifest by default. */
  readonly annotationLevels?: readonly ('manifest' | 'index')[];
}
