import { messageOf } from '../../lib/failure.ts';
import { isUnknownContent } from '../../registry/access/registry-error.ts';
import type { Runtime } from '../../runtime.ts';

/** Runs `push`; if a registry lost content that it listed or had just received, runs it once more without reuse. */
export async function retryWithoutReuse<T>({ log }: Runtime, push: (isRetry: boolean) => Promise<T>): Promise<T> {
  try {
    return await push(false);
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    log.warning(`${messageOf(error)} The registry lost content that it listed; uploading everything again.`);
    return push(true);
  }
}
