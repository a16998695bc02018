import { openDirectoryBackend } from '../../cache/directory-backend.ts';
import { type EntryStore, openFileStore } from '../../cache/entry-store.ts';
import { type OciStoreOptions, openOciStore } from '../../cache/oci/open-oci-store.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { openTransport } from '../../lib/http/transport.ts';
import type { RegistryAccess } from '../../registry/access/client.ts';
import type { Actions } from '../../registry/access/registry.ts';
import { openFileResults } from '../../results/file-results.ts';
import { openOciResults } from '../../results/oci-results.ts';
import type { ResultsBackend } from '../../results/results-backend.ts';
import type { CacheBackend, Runtime } from '../../runtime.ts';
import { openLogin } from '../open/open-login.ts';

/**
 * Where entries are kept: in the registry or the directory of `cache-to` if given, else in the runner's cache service.
 */
export function openEntries(inputs: Inputs, runtime: Runtime): EntryStore | undefined {
  const options = ociOptions(inputs, runtime);
  if (options !== undefined) return openOciStore(options);
  const backend = openFiles(inputs.cache, runtime);
  return backend && openFileStore(backend, runtime.temporary);
}

/** Where results of builds are kept, to be read or saved: with the entries, if not in a binary cache. */
export function openResults(inputs: Inputs, runtime: Runtime, actions: Actions): ResultsBackend | undefined {
  const options = ociOptions(inputs, runtime);
  if (options !== undefined) return openOciResults(options, actions);
  const backend = openFiles(inputs.cache, runtime);
  return backend && openFileResults(backend, runtime.temporary);
}

/** The registry of `cache-to`, if it names one. */
function ociOptions(inputs: Inputs, runtime: Runtime): OciStoreOptions | undefined {
  const { registry } = inputs.cache;
  if (registry === undefined) return undefined;
  return {
    signingKey: undefined,
    ...registry,
    access: openCacheAccess(inputs, runtime),
    directory: runtime.temporary,
    trustedKeys: inputs.nix.trustedPublicKeys,
    now: runtime.now,
  };
}

/**
 * Where files of the cache are kept: the directory of `cache-to`, else the runner's cache service. None with a binary
 * cache.
 */
function openFiles({ directory, binaryCache }: Inputs['cache'], { cache, resolve }: Runtime): CacheBackend | undefined {
  if (binaryCache !== undefined) return undefined;
  return directory === undefined ? cache : openDirectoryBackend(resolve(directory));
}

/**
 * Access to the registry of `cache-to`, with the login of the inputs only if `tags` or `images` name that registry too.
 */
export function openCacheAccess(inputs: Inputs, runtime: Runtime): RegistryAccess {
  const { insecureRegistries, githubToken } = inputs;
  const { env, log } = runtime;
  return {
    ...openLogin(inputs, runtime, Promise.resolve([{ inputs, metadata: { references: [] } }])),
    ...(githubToken === undefined ? {} : { githubToken }),
    // Idle connections do not keep the process running.
    transport: openTransport({ insecureHosts: insecureRegistries, env }),
    insecureRegistries,
    env,
    log,
  };
}
