import { Failure } from '../lib/failure.ts';

/** The source of the image's created time; a number is Unix seconds. */
export type Created = 'commit' | 'now' | 'keep' | number;

export interface Clocks {
  /** `SOURCE_DATE_EPOCH`, if set. reproducible-builds.org/specs/source-date-epoch. */
  readonly sourceDateEpoch: string | undefined;
  /** Unix seconds of the checked-out commit. */
  readonly commitTime: number | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
}

const lastSecond = 253_402_300_799;

/** Reads `commit`, `now`, `keep`, an RFC 3339 time or Unix seconds. */
export function parseCreated(text: string): Created {
  if (text === 'commit' || text === 'now' || text === 'keep') return text;
  const seconds = /^\d+$/.test(text) ? Number(text) : parseRfc3339(text);
  if (seconds !== undefined && seconds <= lastSecond) return seconds;
  throw new Failure(
    `Cannot use created: "${text}". Write commit, now, keep, an RFC 3339 time (2026-01-31T12:00:00Z) or Unix seconds.`,
  );
}

/** The time in RFC 3339 and UTC; undefined to keep the build's time, also if `commit` is unknown. */
export function resolveCreated(created: Created, clocks: Clocks): string | undefined {
  if (created === 'keep') return undefined;
  if (created === 'now') return formatSeconds(Math.floor(clocks.now() / 1000));
  if (created !== 'commit') return formatSeconds(created);
  const { sourceDateEpoch, commitTime } = clocks;
  if (sourceDateEpoch === undefined || sourceDateEpoch === '') {
    return commitTime === undefined ? undefined : formatSeconds(commitTime);
  }
  if (!/^\d+$/.test(sourceDateEpoch) || Number(sourceDateEpoch) > lastSecond) {
    throw new Failure(`Cannot use SOURCE_DATE_EPOCH="${sourceDateEpoch}": it must be Unix seconds.`);
  }
  return formatSeconds(Number(sourceDateEpoch));
}

/** Unix seconds of an RFC 3339 time without fractions; undefined for anything else. */
export function parseRfc3339(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (parts === null) return undefined;
  const [, date, time, zone] = parts;
  const local = Date.parse(`${date}T${time}Z`);
  const instant = Date.parse(`${date}T${time}${zone?.toUpperCase()}`);
  // Date.parse reads 30 February as a day in March, which RFC 3339 does not allow.
  const exists = !Number.isNaN(local) && new Date(local).toISOString().startsWith(`${date}T${time}`);
  return exists && !Number.isNaN(instant) && instant >= 0 ? Math.floor(instant / 1000) : undefined;
}

function formatSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
