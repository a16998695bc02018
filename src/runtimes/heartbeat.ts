/** Longest silence, in milliseconds. Some CI systems end a job that prints nothing for long. */
const longestSilence = 25_000;

/** Watches whether a log stays silent during an activity. */
export interface Heartbeat {
  /** The log has printed something. */
  touch(): void;
  /** An activity begins; it lasts until the matching `leave`. */
  enter(): void;
  leave(): void;
}

/** Calls `beat` whenever the log has been silent for 25 s during an activity. */
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
