import { trustedKeysOf } from '../../cache/oci/open-oci-store.ts';
import type { OciReading } from '../../cache/oci/read-oci-entry.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { Repository } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import type { Runtime } from '../../runtime.ts';
import { openCacheAccess } from '../build/open-entries.ts';

/** What a command needs to read entries of a repository. To a build one that denies access is empty, to a command it is not. */
export async function openReading(
  repository: Repository,
  { inputs, runtime }: { readonly inputs: Inputs; readonly runtime: Runtime },
): Promise<OciReading> {
  const access = openCacheAccess(inputs, runtime);
  return {
    client: await openClient(repository, { ...access, actions: 'pull', mountSources: [] }),
    directory: runtime.temporary,
    trustedKeys: trustedKeysOf(inputs.nix.trustedPublicKeys, inputs.cache.registry?.signingKey),
  };
}
