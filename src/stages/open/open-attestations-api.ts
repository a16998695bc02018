import { GitHubError, openGitHubApi } from '../../github/github-api.ts';
import { storeAttestation } from '../../github/store-attestation.ts';
import { Failure } from '../../lib/failure.ts';
import type { StageContext } from '../stage-context.ts';

/** Sends a Sigstore bundle to GitHub's attestations API. */
export type SendBundle = (bundle: Buffer) => Promise<void>;

/** Opens GitHub's attestations API for `attest-to-github`; a Failure if the run belongs to no repository. */
export function openAttestationsApi({ runtime, access }: StageContext): SendBundle {
  const { repository, apiUrl } = runtime.context;
  if (repository === undefined || apiUrl === undefined) {
    throw new Failure('Cannot use attest-to-github: this run belongs to no repository on GitHub. Remove it.');
  }
  const api = openGitHubApi({ apiUrl, token: access.githubToken, send: access.transport.send, log: runtime.log });
  return async bundle => {
    try {
      await storeAttestation(api, repository, bundle);
    } catch (error) {
      const isRefused = error instanceof GitHubError && [403, 404].includes(error.status);
      if (!isRefused) throw error;
      throw new Failure(
        `Cannot send an attestation to GitHub: ${error.message} Add "permissions: attestations: write" to the job. No tag was moved.`,
        { cause: error },
      );
    }
  };
}
