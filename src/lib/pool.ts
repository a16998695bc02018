/** Runs at most `limit` of the given bodies at a time, in the order they come. */
export type Pool = <T>(body: () => Promise<T>) => Promise<T>;

export function createPool(limit: number): Pool {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async body => {
    if (running >= limit) await new Promise<void>(resolve => waiting.push(resolve));
    else running += 1;
    try {
      return await body();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/** The same pool, but after one of these bodies has failed it runs no further one: each fails with that error. */
export function untilFailure(pool: Pool): Pool {
  let failure: { readonly error: unknown } | undefined;
  return body =>
    pool(async () => {
      if (failure !== undefined) throw failure.error;
      try {
        return await body();
      } catch (error) {
        failure ??= { error };
        throw error;
      }
    });
}

/** A promise to await later. If something else fails first, its own error is ignored. */
export function inBackground<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Waits for all, and only then throws the first error, so nothing continues in the background after a failure. */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
