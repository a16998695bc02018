import { formatVersion } from '../../cache/manifest.ts';
import { findNewest } from '../../cache/oci/entry-tag.ts';
import { readEntryTags } from '../../cache/oci/open-oci-store.ts';
import { readOciEntry } from '../../cache/oci/read-oci-entry.ts';
import { type Restored, restoreEntry } from '../../cache/restore-entry.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { formatSize } from '../../lib/format-size.ts';
import { openNix } from '../../nix/open-nix.ts';
import { nixSystem } from '../../nix/system.ts';
import type { Repository } from '../../oci/reference.ts';
import { listTags } from '../../registry/content/tags.ts';
import type { Runtime } from '../../runtime.ts';
import { openStore } from '../build/restore-store.ts';
import { openReading } from './open-reading.ts';

/**
 * Restores the entry of a key, or the newest one whose key starts with it; without a key, the newest one for this
 * system.
 */
export async function pullEntry(
  repository: Repository,
  key: string | undefined,
  { inputs, runtime }: { readonly inputs: Inputs; readonly runtime: Runtime },
): Promise<Pick<Restored, 'paths' | 'size'> & { readonly key: string }> {
  const wanted = key ?? `nix-image-${formatVersion}-${nixSystem}-`;
  const nix = await openNix(inputs.nix, runtime);
  const reading = await openReading(repository, { inputs, runtime });
  const found = findNewest(readEntryTags(await listTags(reading.client)), wanted, [wanted]);
  if (found === undefined)
    throw new Failure(`Cannot pull ${wanted}: the registry has no entry whose key starts with it.`);
  try {
    const entry = await readOciEntry(found.tag, reading);
    if (entry === undefined) throw new Failure('the registry no longer has it');
    const { paths, size } = await restoreEntry(entry, { store: await openStore(nix), system: nixSystem, runtime });
    runtime.log.info(`Restored ${paths.length} store paths, ${formatSize(size)}, from ${found.key}`);
    return { key: found.key, paths, size };
  } catch (cause) {
    if (runtime.cancelled.aborted || !(cause instanceof Failure)) throw cause;
    throw new Failure(`Cannot pull ${found.key}: ${messageOf(cause)}`, { cause });
  }
}
