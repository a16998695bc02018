import { Failure, messageOf } from '../lib/failure.ts';
import { code, codeBlock } from './markdown.ts';

/**
 * The job summary of a failed step: the error, its place, the end of the builder's log, and the file with the whole
 * log.
 */
export function failureSummary(error: unknown): string {
  const { place, log } = error instanceof Failure ? error : {};
  return [
    '## Step failed',
    '',
    ...codeBlock(messageOf(error)),
    '',
    ...(place === undefined ? [] : [`The cause is at ${code(`${place.file}:${place.line}`)}.`, '']),
    ...(log?.file === undefined
      ? []
      : [`The whole log of ${code(log.name)} is in the output ${code('build-log')}.`, '']),
  ].join('\n');
}
