import * as core from '@actions/core';
import { messageOf, stackOf } from '../lib/failure.ts';
import { printable } from '../lib/printable.ts';
import type { Log } from '../runtime.ts';

/** The log of a step. All output goes through it, since text may contain runner commands. */
export const runnerLog: Log = {
  info: text => core.info(printable(text)),
  notice: text => core.notice(printable(text)),
  warning: text => core.warning(printable(text)),
  debug: text => core.debug(printable(text)),
  group: (name, body) => core.group(printable(name), body),
  secret: core.setSecret,
};

/** Reports an error that ends the step, and sets the exit code 1. */
export function failStep(error: unknown): void {
  core.setFailed(printable(messageOf(error)));
  const stack = stackOf(error);
  if (stack !== undefined) runnerLog.info(stack);
}
