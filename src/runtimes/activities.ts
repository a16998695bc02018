import { formatDuration } from '../lib/format-duration.ts';
import { formatSize } from '../lib/format-size.ts';
import type { Activity } from '../runtime.ts';

/** The current activities, for a progress line. */
export interface Activities {
  start(name: string, size?: number): Activity;
  /**
   * `building hello-1.0, sending glibc 2.40 (12 MB of 30 MB) and 3 more, 4.2 MB/s, 5.0 s left`; empty without
   * activities.
   */
  line(): string;
}

interface Running {
  readonly name: string;
  size: number | undefined;
  done: number;
}

const mostNames = 2;

/** `now` returns milliseconds. */
export function createActivities(now: () => number): Activities {
  const running = new Set<Running>();
  /** Bytes since the first activity moved any, for the rate. Bytes and time are reset when no activity is left. */
  let moved = 0;
  let since: number | undefined;
  return {
    start(name, size) {
      const one: Running = { name, size, done: 0 };
      running.add(one);
      return {
        add(bytes) {
          since ??= now();
          one.done += bytes;
          moved += bytes;
        },
        end() {
          running.delete(one);
          if (running.size === 0) [moved, since] = [0, undefined];
        },
      };
    },
    line() {
      const all = [...running];
      const shown = all.slice(0, mostNames).map(describe).join(', ');
      const more = all.length > mostNames ? ` and ${all.length - mostNames} more` : '';
      return `${shown}${more}${describeRate(all, { moved, elapsed: since === undefined ? 0 : now() - since })}`;
    },
  };
}

function describe({ name, size, done }: Running): string {
  if (done === 0) return name;
  return size === undefined ? `${name} (${formatSize(done)})` : `${name} (${formatSize(done)} of ${formatSize(size)})`;
}

/** A rate measured over less than a second is too inaccurate. */
function describeRate(all: readonly Running[], { moved, elapsed }: { moved: number; elapsed: number }): string {
  if (elapsed < 1000 || moved === 0) return '';
  const rate = moved / elapsed;
  const left = all.reduce((sum, { size, done }) => sum + Math.max(0, (size ?? done) - done), 0);
  return `, ${formatSize(rate * 1000)}/s${left === 0 ? '' : `, ${formatDuration(left / rate)} left`}`;
}
