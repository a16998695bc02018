import { areStorePaths } from '../../cache/manifest.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { isObject } from '../../lib/json-object.ts';
import type { Runtime } from '../../runtime.ts';

/**
 * What each use of the action in a job records for later uses, so that these save what the whole job needed. Names
 * only, since any step of the job can write them.
 */
export interface JobNotes {
  /** Store paths that were valid before the first use. */
  readonly before?: readonly string[];
  /** Name of the release of Nix that a use has installed, see `releaseName`. */
  readonly installed?: string;
  /** Outputs and derivations of the builds, by key of the store cache. */
  readonly built: Readonly<Record<string, readonly string[]>>;
}

const nothing: JobNotes = { built: {} };

/** Empty without a job or an earlier use of the action in it, or if the record is invalid. */
export async function readJobNotes({ job, log }: Runtime): Promise<JobNotes> {
  try {
    const text = await job?.read();
    return text === undefined ? nothing : parseNotes(JSON.parse(text));
  } catch (error) {
    log.warning(`Ignoring what earlier steps of this job recorded for the store cache: ${messageOf(error)}`);
    return nothing;
  }
}

/** Adds notes for later uses of the action in the job; a failure is a warning. */
export async function addJobNotes(runtime: Runtime, { built, ...notes }: Partial<JobNotes>): Promise<void> {
  if (runtime.job === undefined) return;
  const known = await readJobNotes(runtime);
  try {
    await runtime.job.write(JSON.stringify({ ...known, ...notes, built: { ...known.built, ...built } }));
  } catch (error) {
    runtime.log.warning(`Later steps of this job may save less to the store cache: ${messageOf(error)}`);
  }
}

function parseNotes(json: unknown): JobNotes {
  const { before, installed, built } = isObject(json) ? json : {};
  const isRelease =
    installed === undefined || (typeof installed === 'string' && /^nix[\w.]{1,40}-[0-9a-f]{8}$/.test(installed));
  if (!isRelease || !(before === undefined || areStorePaths(before)) || !isObject(built)) throw notOurs();
  return {
    ...(before === undefined ? {} : { before }),
    ...(installed === undefined ? {} : { installed }),
    built: Object.fromEntries(Object.entries(built).map(([key, paths]) => [key, areStorePaths(paths) ? paths : []])),
  };
}

function notOurs(): Failure {
  return new Failure('the record is malformed');
}
