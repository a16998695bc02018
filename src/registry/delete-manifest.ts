import type { ApiRequest, RepositoryClient } from './registry.ts';

/** What became of a manifest or tag that was to be deleted; `refused` has the reason, for people. */
export type Deletion = 'deleted' | 'gone' | { readonly refused: string };

/**
 * Deletes a manifest by digest, and with it every tag that names it, or a tag alone by its name. Registries may be
 * unable to do either. OCI distribution-spec, end-9.
 */
export async function deleteManifest(client: RepositoryClient, name: string): Promise<Deletion> {
  const request: ApiRequest = { method: 'DELETE', to: `manifests/${name}` };
  return client.retry(`Deleting ${name}`, async () => {
    const response = await client.request(request);
    if ([200, 202, 204].includes(response.status)) {
      await response.discard();
      return 'deleted';
    }
    if (response.status === 404) {
      await response.discard();
      return 'gone';
    }
    const refusal = await client.refusal(request, response);
    const { status, codes } = refusal;
    const isTag = !name.startsWith('sha256:');
    const isUnsupported =
      status === 405 || codes.includes('UNSUPPORTED') || (isTag && codes.includes('DIGEST_INVALID'));
    if (!isUnsupported) throw refusal;
    const said = [status, ...codes].join(' ');
    if (!isTag) return { refused: `the registry does not support deletion (${said})` };
    return { refused: `other tags lead to its manifest, and the registry cannot delete a tag alone (${said})` };
  });
}
