import { type Artifact, artifactBlob, parseArtifact, requireSignature, signArtifact } from '../cache/oci/artifact.ts';
import type { EntryTag } from '../cache/oci/entry-tag.ts';
import { type OciStoreOptions, trustedKeysOf } from '../cache/oci/open-oci-store.ts';
import { DamagedEntry, withDamageReported } from '../cache/read-entry.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { once } from '../lib/once.ts';
import { settleAll } from '../lib/pool.ts';
import { emptyConfig } from '../oci/artifact-manifest.ts';
import type { Descriptor } from '../oci/blob.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { blobOf } from '../oci/manifest.ts';
import { openClient } from '../registry/access/client.ts';
import type { Actions, RepositoryClient } from '../registry/access/registry.ts';
import { isDenied, RegistryError } from '../registry/access/registry-error.ts';
import { readBlob, uploadBlob } from '../registry/content/blobs.ts';
import { WrongContent } from '../registry/content/download-blob.ts';
import { findManifest, putManifest } from '../registry/content/manifests.ts';
import { resolveTag } from '../registry/content/tags.ts';
import { largestEntry } from './result-entry.ts';
import type { ResultsBackend } from './results-backend.ts';

/** Media types of an entry with a result. */
export const resultTypes = {
  artifact: 'application/vnd.nix-image.result.v1',
  content: 'application/vnd.nix-image.result.v1+json',
} as const;

/**
 * Results in a repository of a registry, each an artifact whose tag is the entry's key. Without a time in the tag a run
 * asks for the one that it needs, however many there are. Results of one key differ only in the run that built them, so
 * it does not matter which one is left of two that are saved at once. `actions` is what the login must permit.
 */
export function openOciResults(options: OciStoreOptions, actions: Actions): ResultsBackend {
  const { repository, access, signingKey } = options;
  const trustedKeys = trustedKeysOf(options.trustedKeys, signingKey);
  const open = once(() => openClient(repository, { ...access, actions, mountSources: [] }));
  return {
    async read(entry) {
      const client = await open();
      const stored = await unlessDenied(() => findManifest(client, entry));
      if (stored === undefined) return undefined;
      const content = withDamageReported(() => {
        const artifact = parseArtifact(stored.bytes, { artifactType: resultTypes.artifact, tag: entry });
        if (trustedKeys.length > 0) requireSignature(artifact, trustedKeys);
        const [{ size }] = artifact.layers;
        if (size > largestEntry) throw new Failure(`it has ${size} bytes, more than the limit of ${largestEntry}`);
        return artifact.layers[0];
      });
      return readContent(client, content);
    },
    async save(entry, text) {
      const client = await open();
      const content = blobOf(text, resultTypes.content);
      // Not asked for: a registry may say of a lost blob that it exists, and a result that was reused has the same text again.
      await settleAll([uploadBlob(client, content, 'new'), uploadBlob(client, emptyConfig)]);
      const unsigned: Artifact = {
        ...{ artifactType: resultTypes.artifact, tag: entry, layers: [content.descriptor] },
        created: new Date(options.now()).toISOString(),
      };
      // Another run may have been faster.
      if ((await unlessDenied(() => resolveTag(client, entry))) !== undefined) return false;
      const artifact = signingKey === undefined ? unsigned : signArtifact(unsigned, signingKey);
      await putManifest(client, artifactBlob(artifact), entry);
      return true;
    },
  };
}

/** A result in a registry, as far as its manifest says. */
interface SavedResult extends EntryTag {
  readonly digest: Digest;
}

/** Reads the manifest of a result, signed or not; undefined if the tag names none. */
export async function readSavedResult(client: RepositoryClient, tag: string): Promise<SavedResult | undefined> {
  const stored = await findManifest(client, tag);
  if (stored === undefined) return undefined;
  try {
    const { created = '' } = parseArtifact(stored.bytes, { artifactType: resultTypes.artifact, tag });
    const time = Date.parse(created);
    return Number.isNaN(time) ? undefined : { tag, key: tag, time, digest: digestOf(stored.bytes) };
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** Some registries deny access to a repository that does not exist yet, and to a tag that does not. */
async function unlessDenied<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}

/** An entry is damaged if the registry lost or changed its content; not if the registry does not answer. */
async function readContent(client: RepositoryClient, content: Descriptor): Promise<Buffer> {
  try {
    return await readBlob(client, content, largestEntry);
  } catch (cause) {
    const isLost = cause instanceof RegistryError && cause.status === 404;
    throw isLost || cause instanceof WrongContent ? new DamagedEntry(messageOf(cause), { cause }) : cause;
  }
}
