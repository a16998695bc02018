/** Milliseconds. Some CI systems end a job that says nothing for long, and people doubt one sooner. */
const longestSilence = 25_000;

/** Watches whether a log stays silent while something goes on. */
export interface Heartbeat {
  /** The log has said something. */
  touch(): void;
  /** Until `leave`, which is called as often, something goes on. */
  enter(): void;
  leave(): void;
}

/** Calls `beat` whenever the log has been silent for 25 s while something went on. */
export function createHeartbeat(beat: () => void): Heartbeat {
  let depth = 0;
  let timer: NodeJS.Timeout | undefined;
  const restart = () => {
    clearTimeout(timer);
    if (depth === 0) return;
    timer = setTimeout(() => {
      beat();
      restart();
    }, longestSilence);
    timer.unref();
  };
  return {
    touch: restart,
    enter() {
      depth += 1;
      restart();
    },
    leave() {
      depth -= 1;
      restart();
    },
  };
}
