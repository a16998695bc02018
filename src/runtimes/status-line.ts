/** The last line of a terminal: it is redrawn regularly, and erased before anything else is printed. */
export interface StatusLine {
  /** Erases the line until the next redraw. */
  erase(): void;
  /** Draws the line until the matching `leave`. */
  enter(): void;
  leave(): void;
}

/** Time between redraws, in milliseconds. */
const interval = 100;

/** `text` returns the current line, which is cut to the width of the terminal. */
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
