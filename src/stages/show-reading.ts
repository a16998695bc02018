import type { ReadOptions } from '../lib/read-options.ts';
import type { Log } from '../runtime.ts';

/** Opens a stream, which the log shows under this name as long as it is read; `size` in bytes if it is known. */
export function showReading(
  open: (options?: ReadOptions) => AsyncIterable<Uint8Array>,
  {
    name,
    size,
    log,
  }: { readonly name: string; readonly size?: number | undefined; readonly log: Pick<Log, 'activity'> },
): (options?: ReadOptions) => AsyncIterable<Uint8Array> {
  return async function* (options) {
    const activity = log.activity(name, size);
    try {
      for await (const chunk of open(options)) {
        activity.add(chunk.length);
        yield chunk;
      }
    } finally {
      activity.end();
    }
  };
}
