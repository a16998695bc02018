/** Calls `body` on first use and keeps its result; calls it again after a failure. */
export function once<T>(body: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= body().catch(error => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
