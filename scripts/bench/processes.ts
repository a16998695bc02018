import { readdirSync, readFileSync } from 'node:fs';

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

/** The numbers that follow a process's state; undefined where it has ended meanwhile. */
function readStat(pid: string): number[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
  } catch {
    return undefined;
  }
}
