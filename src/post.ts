import { tuneGarbageCollection } from './lib/tune-garbage-collection.ts';
import { isSomethingLeft } from './runtimes/left-for-post.ts';

/** The post step. If the main step left nothing, it loads nothing. */
if (isSomethingLeft()) {
  tuneGarbageCollection();
  const { afterJob } = await import('./after-job.ts');
  await afterJob();
}
// Open sockets of a client must not delay the job.
process.exit();
