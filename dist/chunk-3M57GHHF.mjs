import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/lib/pool.ts
function createPool(limit) {
  let running = 0;
  const waiting = [];
  return async (body) => {
    if (running >= limit) await new Promise((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await body();
    } finally {
      const next = waiting.shift();
      if (next === void 0) running -= 1;
      else next();
    }
  };
}
function inBackground(promise) {
  promise.catch(() => {
  });
  return promise;
}
async function settleAll(promises) {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

export {
  createPool,
  inBackground,
  settleAll
};
