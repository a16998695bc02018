import * as core from '@actions/core';
import { Failure, messageOf, sentence } from '../lib/failure.ts';
import type { Log, SigningSource } from '../runtime.ts';

/** Signing in a job: the runner issues OIDC tokens to jobs with the permission. docs.github.com, "OpenID Connect". */
export function runnerSigning(env: Readonly<Record<string, string | undefined>>, log: Log): SigningSource {
  const { COSIGN_PASSWORD: keyPassword = '' } = env;
  if (keyPassword !== '') log.secret(keyPassword);
  return {
    keyPassword,
    async identityToken(audience) {
      const advice = 'Add "permissions: id-token: write" to the job.';
      if (!env.ACTIONS_ID_TOKEN_REQUEST_URL) {
        throw new Failure(`Cannot sign as this workflow: the job may not request an OIDC token. ${advice}`);
      }
      try {
        return await core.getIDToken(audience);
      } catch (cause) {
        throw new Failure(`Cannot sign as this workflow: GitHub issued no OIDC token. ${sentence(messageOf(cause))}`, {
          cause,
        });
      }
    },
  };
}
