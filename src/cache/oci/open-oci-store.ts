import { messageOf } from '../../lib/failure.ts';
import { once } from '../../lib/once.ts';
import { publicKeyOf } from '../../nar/nix-key.ts';
import type { Repository } from '../../oci/reference.ts';
import { openClient, type RegistryAccess } from '../../registry/access/client.ts';
import type { Actions, RepositoryClient } from '../../registry/access/registry.ts';
import { isDenied } from '../../registry/access/registry-error.ts';
import { listTags } from '../../registry/content/tags.ts';
import type { Log } from '../../runtime.ts';
import { isReplacement } from '../cache-key.ts';
import type { EntryStore } from '../entry-store.ts';
import { type EntryTag, entryTagOf, findNewest, parseEntryTag } from './entry-tag.ts';
import { readOciEntry } from './read-oci-entry.ts';
import { saveOciEntry } from './save-oci-entry.ts';
import { withSignatures } from './sign-paths.ts';

export interface OciStoreOptions {
  readonly repository: Repository;
  readonly access: RegistryAccess;
  /** Directory for files of this run. */
  readonly directory: string;
  /** Secret key, `NAME:BASE64`, that signs saved entries. */
  readonly signingKey: string | undefined;
  /** Public keys, `NAME:BASE64`. If there are any, one of them or `signingKey` must have signed an entry. */
  readonly trustedKeys: readonly string[];
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** Opens a store of entries in a repository of a registry, one artifact per tag. It lists the tags only once. */
export function openOciStore(options: OciStoreOptions): EntryStore {
  const { directory, signingKey } = options;
  const open = (actions: Actions) => openClient(options.repository, { ...options.access, actions, mountSources: [] });
  const reading = once(() => open('pull'));
  const listing = once(() => listEntries(reading, options.access.log));
  const trustedKeys = trustedKeysOf(options.trustedKeys, signingKey);
  const openNewest = async (key: string, prefixes: readonly string[]) => {
    const newest = findNewest(await listing(), key, prefixes);
    const entry = newest && (await readOciEntry(newest.tag, { client: await reading(), directory, trustedKeys }));
    return entry && { key: newest.key, entry };
  };
  return {
    async find(key, prefixes) {
      return findNewest(await listing(), key, prefixes)?.key;
    },
    open: openNewest,
    async save(manifest, key, base) {
      const { tag } = entryTagOf(key, options.now());
      const earlier = base === undefined ? undefined : await openNewest(base, []).catch(() => undefined);
      return saveOciEntry(withSignatures(manifest, earlier?.entry.manifest, signingKey), tag, {
        client: await open('pull,push'),
        directory,
        signingKey,
        known: earlier?.entry.groups ?? [],
        // A registry may say of a lost or damaged blob that it exists, and then only sending it again repairs it.
        sendsAll: isReplacement(key) || (await listing()).length === 0,
      });
    },
  };
}

/**
 * The public keys that may have signed an entry, including that of the secret key; empty if entries need no signature.
 */
export function trustedKeysOf(given: readonly string[], signingKey: string | undefined): readonly string[] {
  return [...given, ...(signingKey === undefined ? [] : [publicKeyOf(signingKey)])];
}

/** Some registries deny access to a repository that does not exist yet. */
async function listEntries(reading: () => Promise<RepositoryClient>, log: Log): Promise<EntryTag[]> {
  try {
    return readEntryTags(await listTags(await reading()));
  } catch (error) {
    if (!isDenied(error)) throw error;
    log.notice(`The store cache counts as empty: ${messageOf(error)}`);
    return [];
  }
}

/** The entries among the tags of a repository. */
export function readEntryTags({ tags }: { readonly tags: readonly string[] }): EntryTag[] {
  return tags.flatMap(tag => parseEntryTag(tag) ?? []);
}
