import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Ticks a second, as /proc counts processor time on every Linux of today. */
const ticks = 100;

/** Processor seconds of the process and of all its descendants that are there or that they have waited for; proc(5). */
export function processorOf(pid: number): number {
  const children = new Map<number, number[]>();
  const seconds = new Map<number, number>();
  for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const stat = readStat(name);
    if (stat === undefined) continue;
    const [, parent = 0] = stat;
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    seconds.set(Number(name), stat.slice(11, 15).reduce((sum, value) => sum + value, 0) / ticks);
  }
  const sumOf = (id: number): number =>
    (seconds.get(id) ?? 0) + (children.get(id) ?? []).reduce((sum, child) => sum + sumOf(child), 0);
  return sumOf(pid);
}

/** Peak resident bytes of a process that is there. */
export function peakMemoryOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

/** The numbers that follow a process's state; undefined if it has ended meanwhile. */
function readStat(pid: string): number[] | undefined {
  const stat = unlessEnded(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat
    ?.replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
}

/** Peak resident bytes of processes below one that runs, as far as they have been seen. */
export interface WatchedMemory {
  /** The largest of those that run the program that is asked about. */
  own(): number;
  /** The largest of all others. */
  others(): number;
  end(): void;
}

const watchedEvery = 20;

/** Watches all processes that GNU time runs for this one; `program` is the absolute path of the one that is asked about. */
export function watchMemory(program: string): WatchedMemory {
  let [own, others] = [0, 0];
  const look = () => {
    for (const pid of childrenOf(process.pid)
      .filter(pid => programOf(pid)?.endsWith('/time'))
      .flatMap(allBelow)) {
      const peak = unlessEnded(() => peakMemoryOf(pid)) ?? 0;
      if (programOf(pid) === program) own = Math.max(own, peak);
      else others = Math.max(others, peak);
    }
  };
  const timer = setInterval(look, watchedEvery);
  return { own: () => own, others: () => others, end: () => clearInterval(timer) };
}

function allBelow(pid: number): number[] {
  return childrenOf(pid).flatMap(child => [child, ...allBelow(child)]);
}

function childrenOf(pid: number): number[] {
  const read = (thread: string) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').match(/\d+/g) ?? [];
  return (unlessEnded(() => readdirSync(`/proc/${pid}/task`).flatMap(read)) ?? []).map(Number);
}

function programOf(pid: number): string | undefined {
  return unlessEnded(() => readlinkSync(`/proc/${pid}/exe`));
}

/** Undefined if the process, or a thread of it, has ended meanwhile. */
function unlessEnded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
