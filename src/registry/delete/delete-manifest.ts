import type { Deletion } from '../../oci/deletion.ts';
import type { ApiRequest, RepositoryClient } from '../access/registry.ts';
import { accept } from '../content/manifests.ts';

/**
 * Deletes a manifest by digest together with every tag that points to it, or a tag alone by its name. Some registries
 * can do neither, or require that the manifest's tags are deleted first ('tagged'). OCI distribution-spec, end-9.
 */
export async function deleteManifest(client: RepositoryClient, name: string): Promise<Deletion | 'tagged'> {
  const request: ApiRequest = { method: 'DELETE', to: `manifests/${name}` };
  return client.retry(`Deleting ${name}`, async () => {
    const response = await client.request(request);
    if ([200, 202, 204].includes(response.status)) {
      await response.discard();
      return 'deleted';
    }
    const refusal = await client.refusal(request, response);
    const { status, codes } = refusal;
    const said = [status, ...codes].join(' ');
    const isTag = !name.startsWith('sha256:');
    // Google's registries: https://github.com/genuinetools/reg/issues/136
    if (codes.includes('GOOGLE_MANIFEST_DANGLING_TAG')) return 'tagged';
    if (codes.includes('GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE'))
      return { refused: `an index still lists it (${said})` };
    // A registry without deletion may answer 404 too.
    if (status === 404 && !(await manifestExists(client, name))) return 'gone';
    const isUnsupported =
      status === 404 || status === 405 || codes.includes('UNSUPPORTED') || (isTag && codes.includes('DIGEST_INVALID'));
    if (!isUnsupported) throw refusal;
    return { refused: `the registry ${isTag ? 'cannot delete a single tag' : 'does not support deletion'} (${said})` };
  });
}

async function manifestExists(client: RepositoryClient, name: string): Promise<boolean> {
  const response = await client.request({ method: 'HEAD', to: `manifests/${name}`, headers: { accept } });
  await response.discard();
  return response.status === 200;
}
