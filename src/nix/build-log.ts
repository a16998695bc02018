import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { isStorePath, storePathName } from '../store-path.ts';

/** Facts collected from a run of Nix with `--log-format internal-json`; `readLogLine` adds to them. */
export interface BuildLog {
  /** Derivations being built, store path by activity. */
  readonly derivations: Map<string, string>;
  /** The last lines that each derivation's builder printed, by store path. */
  readonly tails: Map<string, string[]>;
  /** Nix's error messages without colours and without the leading `error:`, in order. */
  readonly errors: string[];
  /** The last lines that are not in this format: messages before Nix has read its options, or a crash. */
  readonly plain: string[];
  /**
   * Derivations that were built, on whatever machine; those of them that a remote builder built; store paths that were
   * fetched from binary caches; bytes of those that Nix announced to fetch, unpacked.
   */
  readonly work: { built: number; builtElsewhere: number; substituted: number; toUnpack: number };
  /** Builds that ended, in that order. */
  readonly builds: TimedBuild[];
  /** When the builds started that run, by activity. */
  readonly started: Map<string, number>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** A build that ended. Milliseconds since the Unix epoch. */
export interface TimedBuild {
  /** `hello-2.12` */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** One line of Nix's log for people. */
export interface LogLine {
  readonly level: 'info' | 'warning';
  readonly text: string;
}

/** A builder that failed. */
export interface FailedBuild {
  /** Store path of the derivation, `/nix/store/….drv`. */
  readonly derivation: string;
  /** `failed with exit code 3`, `failed due to signal 9 (Killed)`, `failed to produce output path …`. */
  readonly reason: string;
  /** The last lines of its log. */
  readonly tail: readonly string[];
}

const tailLength = 25;

// Levels, activities and results: https://github.com/NixOS/nix/blob/master/src/libutil/include/nix/util/logging.hh
const levels = { error: 0, warning: 1, info: 3 } as const;
const activities = { copyPath: 100, build: 105, substitute: 108, postBuildHook: 110 } as const;
const results = { buildLogLine: 101, postBuildLogLine: 107 } as const;

interface Event {
  readonly action?: unknown;
  readonly type?: unknown;
  readonly level?: unknown;
  readonly text?: unknown;
  readonly msg?: unknown;
  readonly fields?: unknown;
}

/** An empty log; `now` is the clock of the builds. */
export function createBuildLog(now: () => number): BuildLog {
  return {
    derivations: new Map(),
    tails: new Map(),
    errors: [],
    plain: [],
    work: { built: 0, builtElsewhere: 0, substituted: 0, toUnpack: 0 },
    builds: [],
    started: new Map(),
    now,
  };
}

/** Takes in one line of Nix's standard error and returns what to show of it, if anything. */
export function readLogLine(log: BuildLog, line: string): LogLine | undefined {
  const event = parseEvent(line);
  if (event === undefined) {
    const text = stripVTControlCharacters(line);
    keepLast(log.plain, text);
    return { level: 'info', text };
  }
  switch (event.action) {
    case 'start':
      return readStart(log, event, parseId(line));
    case 'stop':
      readStop(log, parseId(line));
      return undefined;
    case 'result':
      return readResult(log, event, parseId(line));
    case 'msg':
      return readMessage(log, event);
    default:
      return undefined;
  }
}

/** The first builder that failed, by Nix's error messages; undefined if Nix failed in another way. */
export function findFailedBuild(log: BuildLog): FailedBuild | undefined {
  for (const error of log.errors) {
    const { derivation, reason } = (failure.exec(error) ?? failureSince231.exec(error))?.groups ?? {};
    // An expression may throw such a text about any file.
    if (derivation === undefined || reason === undefined || !isStorePath(derivation, dirname(derivation))) continue;
    return { derivation, reason, tail: log.tails.get(derivation) ?? [] };
  }
  return undefined;
}

const failure = /^builder for '(?<derivation>\S+\.drv)' (?<reason>failed [^;\n]+)/m;
// "Cannot build '/nix/store/….drv'.\n  Reason: builder failed with exit code 3."
const failureSince231 = /^Cannot build '(?<derivation>\S+\.drv)'\.\s+Reason: builder (?<reason>failed [^;\n]+?)\.?$/m;

function parseEvent(line: string): Event | undefined {
  if (!line.startsWith('@nix ')) return undefined;
  try {
    const event: unknown = JSON.parse(line.slice('@nix '.length));
    return typeof event === 'object' && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The activity's number as text, since it exceeds the range of JavaScript's integers. Inside a string the quotes are
 * escaped.
 */
function parseId(line: string): string {
  return /"id":(\d+)/.exec(line)?.[1] ?? '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? stripVTControlCharacters(value) : '';
}

function fieldOf(event: Event, index: number): string {
  return Array.isArray(event.fields) ? textOf(event.fields[index]) : '';
}

function readStart(log: BuildLog, event: Event, id: string): LogLine | undefined {
  const text = textOf(event.text);
  const path = fieldOf(event, 0);
  switch (event.type) {
    case activities.build: {
      log.derivations.set(id, path);
      log.work.built += 1;
      log.started.set(id, log.now());
      const machine = fieldOf(event, 1);
      if (machine !== '') log.work.builtElsewhere += 1;
      return { level: 'info', text: `building ${storePathName(path)}${machine === '' ? '' : ` on ${machine}`}` };
    }
    case activities.substitute:
      log.work.substituted += 1;
      return { level: 'info', text: `fetching ${storePathName(path)} from ${fieldOf(event, 1)}` };
    case activities.copyPath:
      // Part of a substitution that was already shown.
      return undefined;
    case activities.postBuildHook:
      log.derivations.set(id, path);
  }
  // Nix reports fetching a flake's inputs at a higher level than it deserves.
  const isTold = text !== '' && (isAtMost(event.level, levels.info) || text.startsWith('fetching '));
  return isTold ? { level: 'info', text } : undefined;
}

function readStop(log: BuildLog, id: string): void {
  const [derivation, start] = [log.derivations.get(id), log.started.get(id)];
  if (derivation !== undefined && start !== undefined) {
    log.builds.push({ name: storePathName(derivation), start, end: log.now() });
  }
  log.derivations.delete(id);
  log.started.delete(id);
}

function readResult(log: BuildLog, event: Event, id: string): LogLine | undefined {
  const derivation = log.derivations.get(id);
  if (derivation === undefined) return undefined;
  const line = fieldOf(event, 0);
  const name = storePathName(derivation);
  switch (event.type) {
    case results.buildLogLine: {
      const tail = log.tails.get(derivation) ?? [];
      keepLast(tail, line);
      log.tails.set(derivation, tail);
      return { level: 'info', text: `${name}> ${line}` };
    }
    case results.postBuildLogLine:
      return { level: 'info', text: `${name} (post-build-hook)> ${line}` };
    default:
      return undefined;
  }
}

function readMessage(log: BuildLog, event: Event): LogLine | undefined {
  const text = textOf(event.msg);
  log.work.toUnpack += parseUnpacked(text);
  if (event.level === levels.warning) return { level: 'warning', text: text.replace(/^warning: /, '') };
  if (event.level === levels.error) {
    if (text.startsWith('error:')) log.errors.push(undent(text.slice('error:'.length)));
    // lib.warn of nixpkgs before Nix had builtins.warn.
    const warning = /^trace: (?:evaluation )?warning: (.*)$/s.exec(text)?.[1];
    if (warning !== undefined) return { level: 'warning', text: warning };
  }
  return isAtMost(event.level, levels.info) ? { level: 'info', text } : undefined;
}

const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Bytes in `these 2 paths will be fetched (1.00 MiB download, 2.00 MiB unpacked):`; 0 for anything else. */
function parseUnpacked(text: string): number {
  const [, amount, unit = ''] =
    /^th[^\n]{1,100} will be fetched \([^\n]{1,100}, ([\d.]{1,20}) (\wi?B?) unpacked\)/.exec(text) ?? [];
  return Math.round(Number(amount ?? 0) * (units[unit] ?? 0));
}

/** Takes back the indentation that Nix gives to all but the first line of an error. */
function undent(text: string): string {
  return text.replace(/^ {7}/gm, '').trim();
}

function isAtMost(level: unknown, limit: number): boolean {
  return typeof level === 'number' && level <= limit;
}

function keepLast(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > tailLength) lines.shift();
}
