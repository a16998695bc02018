import { Failure } from '../lib/failure.ts';

/** The arguments of the command line fit no command. */
export class UsageError extends Failure {
  override readonly name = 'UsageError';
}
