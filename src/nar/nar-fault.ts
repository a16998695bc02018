import { Failure } from '../lib/failure.ts';

/** A NAR that is not what it should be, or does not arrive. */
export class NarFault extends Failure {
  override readonly name = 'NarFault';
}
