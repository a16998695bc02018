import type { ExecOptions, ProgramResult } from './lib/process.ts';

/** What the outside world offers a run: a GitHub runner or a terminal. Types only. */
export interface Runtime {
  readonly log: Log;
  /** Environment for this process and for the programs it runs. `exportVariable` and `addPath` show up here at once. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Further variables for a program that reads the checkout by git. */
  readonly gitEnv?: Readonly<Record<string, string>> | undefined;
  /** Runs a program by argument list and waits for it. A non-zero exit is a result; a Failure when it cannot be started. */
  readonly exec: Exec;
  /** Where relative paths start and where the checkout is. */
  readonly directory: string;
  /** A directory of this run alone, removed when it ends. */
  readonly temporary: string;
  /** Makes a directory for files that later steps of the job read. */
  createDirectory(): Promise<string>;
  readonly context: WorkflowContext;
  /** Paths of tracked files in the checkout that differ from its commit; undefined if this cannot be told. */
  changedFiles(): Promise<readonly string[] | undefined>;
  /** A path as the user gave it, made absolute from `directory`. */
  resolve(path: string): string;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Whether this machine is GitHub's and thrown away after the job, so that its settings may be changed. */
  readonly isDisposable: boolean;
  /** Where tools outlast the job, if they do. */
  readonly tools?: ToolCache | undefined;
  /** Puts a directory in front of PATH, for this and the later steps. */
  addPath(directory: string): void;
  /** Sets an environment variable for this and the later steps. */
  exportVariable(name: string, value: string): void;
  /** The cache service of the runner, where there is one. */
  readonly cache?: CacheBackend | undefined;
  /** Aborted when the run is to stop, with a Failure as the reason. Whoever changes something step by step looks at it between two. */
  readonly cancelled: AbortSignal;
  /** Has the exit of a cancelled run wait for `work`, 5 s at most: time to put back what is changed only in part. */
  holdExit<T>(work: Promise<T>): Promise<T>;
  /** Keeps a task for when the job's steps are through, instead of one kept before; where this is missing, it is done at once. */
  afterJob?(task: string): Promise<void>;
  /** What the uses of the action in one job tell each other, where there are jobs. */
  readonly job?: JobRecord | undefined;
}

export type Exec = (program: string, args: readonly string[], options?: ExecOptions) => Promise<ProgramResult>;

/** A text that lasts as long as the job. Any step of the job may have changed it, so whoever reads it has to check it. */
export interface JobRecord {
  /** Undefined before the first `write`; a Failure if another user has put something in its place. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

/** Keeps tools of this machine's architecture on it, each one file. Nobody vouches for what is in it. */
export interface ToolCache {
  /** Absolute path; undefined where there is none. */
  find(name: string, version: string): Promise<string | undefined>;
  /** Takes a copy of `file`. */
  keep(file: string, name: string, version: string): Promise<void>;
}

/** Keeps entries of the store cache, each one file. */
export interface CacheBackend {
  /** Key of the entry that `restore` would write, as far as that is known without waiting; undefined if there is none. */
  find(key: string, prefixes: readonly string[]): Promise<string | undefined>;
  /**
   * Writes the entry of `key`, else the newest one whose key starts with one of `prefixes`, to `file`; its key, or
   * undefined if there is none.
   */
  restore(file: string, key: string, prefixes: readonly string[]): Promise<string | undefined>;
  /** Takes `file`, which may be gone then; false if the service did not, and then it has said why. */
  save(file: string, key: string): Promise<boolean>;
}

export interface Log {
  info(text: string): void;
  /** Something that a person should see although all went well. */
  notice(text: string): void;
  warning(text: string): void;
  debug(text: string): void;
  /** Runs `body` under a heading of its own. */
  group<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** From now on this value is masked wherever it would be printed. */
  secret(value: string): void;
}

/** A run that started this one when it ended. Every field may be unknown. docs.github.com, "workflow_run" */
interface TriggeringRun {
  readonly eventName?: string | undefined;
  /** Head commit: what the run has built. */
  readonly sha?: string | undefined;
  /** `stranger/app`: where that commit is, a fork maybe. */
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
}

/** What is known of the commit that the image is built from. Every field may be unknown. */
export interface WorkflowContext {
  /** `https://github.com/acme/app`, no trailing slash. */
  readonly repositoryUrl?: string;
  /** Last part of the repository's name. */
  readonly repositoryName?: string;
  /** `acme/app`, as GitHub's API at `apiUrl` knows it. */
  readonly repository?: string;
  /** `https://api.github.com`, `https://HOST/api/v3` of an Enterprise Server. */
  readonly apiUrl?: string;
  /** Number of the pull request that the event is about. */
  readonly pullRequest?: number;
  /** Page of the run, for people. */
  readonly runUrl?: string;
  /** Empty where the repository has none. */
  readonly description?: string;
  /** SPDX identifier. */
  readonly license?: string;
  /** Full commit hash. */
  readonly revision?: string;
  /** Whether the files that are built differ from the commit's. */
  readonly isDirty?: boolean;
  /** The git tag that the run is for. */
  readonly gitTag?: string;
  /** Commit time of `sha`, Unix seconds. */
  readonly commitTime?: number;
  /** Commit time of what is checked out, where that is another commit, Unix seconds. */
  readonly checkoutTime?: number;
  /** Whether what this run leaves in a cache is for others: it runs for the default branch, or for a pull request from the repository itself. */
  readonly isTrusted?: boolean;
  /** Whether GitHub may have given the run a token that only reads, and no secrets: for a pull request from a fork, or by Dependabot. */
  readonly isRestricted?: boolean;
  /** The run that a `workflow_run` event is about. */
  readonly triggeringRun?: TriggeringRun;
  /** `push`, `pull_request`, `schedule`. docs.github.com, "Events that trigger workflows". */
  readonly eventName?: string;
  /** Full git ref: `refs/heads/main`, `refs/tags/v1`; `refs/pull/12/merge` for a pull request from wherever it runs. */
  readonly ref?: string;
  /** The commit that the run is for; for a pull request the merge commit, where `revision` is the head. */
  readonly sha?: string;
  /** Branch that a pull request goes to, or that a tag was pushed from. */
  readonly baseRef?: string;
  readonly defaultBranch?: string;
  /** Characters of a short commit hash, where the workflow wants others than 7. */
  readonly shortShaLength?: number;
  /** Where annotations go that do not say where, if not onto the manifest. */
  readonly annotationLevels?: readonly ('manifest' | 'index')[];
}
