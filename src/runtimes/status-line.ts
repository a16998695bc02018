/** One line at the end of a terminal that is written again and again, and erased when something else is printed. */
export interface StatusLine {
  /** Erases the line; it appears again with the next drawing. */
  erase(): void;
  /** Until `leave`, which is called as often, the line is drawn. */
  enter(): void;
  leave(): void;
}

/** Milliseconds. */
const interval = 100;

/** `text` gives the line as it is now, which is cut to the width of the terminal. */
export function createStatusLine(stream: NodeJS.WriteStream, text: () => string): StatusLine {
  let depth = 0;
  let isDrawn = false;
  let timer: NodeJS.Timeout | undefined;
  const erase = () => {
    if (isDrawn) stream.write('\r\u001b[2K');
    isDrawn = false;
  };
  const draw = () => {
    const line = text().slice(0, (stream.columns ?? 80) - 1);
    erase();
    if (line === '') return;
    stream.write(line);
    isDrawn = true;
  };
  return {
    erase,
    enter() {
      depth += 1;
      timer ??= setInterval(draw, interval).unref();
    },
    leave() {
      depth -= 1;
      if (depth > 0) return;
      clearInterval(timer);
      timer = undefined;
      erase();
    },
  };
}
