import * as core from '@actions/core';
import { Failure, messageOf, stackOf } from '../lib/failure.ts';
import { formatDuration } from '../lib/format-duration.ts';
import { printable } from '../lib/printable.ts';
import type { Log } from '../runtime.ts';
import { createActivities } from './activities.ts';
import { createHeartbeat } from './heartbeat.ts';
import { addSecret, maskSecrets } from './secrets.ts';

const activities = createActivities(() => performance.now());
const heartbeat = createHeartbeat(() => say(core.info, `still running: ${activities.line() || 'waiting'}`));

function say(write: (text: string) => void, text: string): void {
  heartbeat.touch();
  write(printable(text));
}

/** The log of a step. All output goes through it, since text may contain runner commands. */
export const runnerLog: Log = {
  info: text => say(core.info, text),
  notice: text => say(core.notice, text),
  warning: text => say(core.warning, text),
  debug: text => core.debug(printable(text)),
  group: (name, body) =>
    core.group(printable(name), async () => {
      const start = performance.now();
      heartbeat.enter();
      try {
        return await body();
      } finally {
        heartbeat.leave();
        say(core.info, `${name} took ${formatDuration(performance.now() - start)}`);
      }
    }),
  activity: activities.start,
  secret(value) {
    core.setSecret(value);
    addSecret(value);
  },
  masked: maskSecrets,
};

/** Reports an error that ends the step, at its place in the checkout if that is known, and has it exit with 1. */
export function failStep(error: unknown): void {
  process.exitCode = 1;
  const place = error instanceof Failure ? error.place : undefined;
  core.error(printable(messageOf(error)), place && { file: place.file, startLine: place.line });
  const stack = stackOf(error);
  if (stack !== undefined) runnerLog.info(stack);
}
