import * as core from '@actions/core';
import { Failure, messageOf, stackOf } from '../lib/failure.ts';
import { printable } from '../lib/printable.ts';
import type { Log } from '../runtime.ts';
import { addSecret, maskSecrets } from './secrets.ts';

/** The log of a step. All output goes through it, since text may contain runner commands. */
export const runnerLog: Log = {
  info: text => core.info(printable(text)),
  notice: text => core.notice(printable(text)),
  warning: text => core.warning(printable(text)),
  debug: text => core.debug(printable(text)),
  group: (name, body) => core.group(printable(name), body),
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
