import { parseJson } from '../lib/parse-json.ts';
import type { GitHubApi } from './github-api.ts';

/** Stores a Sigstore bundle for `gh attestation verify`. docs.github.com/rest, "Create an attestation" */
export async function storeAttestation(api: GitHubApi, repository: string, bundle: Buffer): Promise<void> {
  const json = parseJson(bundle, 'the bundle', { largest: bundle.length });
  await api.request('POST', `repos/${repository}/attestations`, { bundle: json });
}
