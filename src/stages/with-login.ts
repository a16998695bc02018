import type { Host } from '../host.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { Failure } from '../lib/failure.ts';

/** The inputs with a login that is whole, or with none where the run is given no secrets. */
export function withLogin({ login, ...inputs }: Inputs, { context, log }: Host): Inputs {
  if (login === undefined) return inputs;
  if (login.password !== '') return { ...inputs, login };
  if (!context.isRestricted) {
    throw new Failure('Cannot log in with username alone: password is empty. Give username and password.');
  }
  log.info(`Nobody is logged in as ${login.username}: a pull request from a fork, or by Dependabot, has no secrets.`);
  return inputs;
}
