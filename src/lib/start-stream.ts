import { inBackground } from './pool.ts';

/** A stream that starts before its reader asks for data. */
export interface StartedStream<T> extends AsyncIterable<T> {
  /** Ends it; it must not be read afterwards. */
  close(): Promise<void>;
}

/** Requests the first piece of a stream now. To be read once. */
export function startStream<T>(stream: AsyncIterable<T>): StartedStream<T> {
  const iterator = stream[Symbol.asyncIterator]();
  let first: Promise<IteratorResult<T>> | undefined = inBackground(iterator.next());
  const close = async () => void (await iterator.return?.());
  return {
    close,
    [Symbol.asyncIterator]: () => ({
      next() {
        const piece = first ?? iterator.next();
        first = undefined;
        return piece;
      },
      async return() {
        await close();
        return { done: true, value: undefined };
      },
    }),
  };
}
