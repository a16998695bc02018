import { formatVersion } from '../../cache/manifest.ts';
import { type Restored, restoreEntry } from '../../cache/restore-entry.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { formatSize } from '../../lib/format-size.ts';
import { openNix } from '../../nix/open-nix.ts';
import { nixSystem } from '../../nix/system.ts';
import type { Runtime } from '../../runtime.ts';
import { openEntries } from '../build/open-entries.ts';
import { openStore } from '../build/restore-store.ts';

/**
 * Restores the entry of a key, or the newest one whose key starts with it; without a key, the newest one for this
 * system.
 */
export async function pullEntry(
  key: string | undefined,
  { inputs, runtime }: { readonly inputs: Inputs; readonly runtime: Runtime },
): Promise<Pick<Restored, 'paths' | 'size'> & { readonly key: string }> {
  const wanted = key ?? `nix-image-${formatVersion}-${nixSystem}-`;
  const nix = await openNix(inputs.nix, runtime);
  const entries = openEntries(inputs, runtime);
  const found = await entries?.find(wanted, [wanted]);
  if (found === undefined)
    throw new Failure(`Cannot pull ${wanted}: the registry has no entry whose key starts with it.`);
  try {
    const opened = await entries?.open(found, []);
    if (opened === undefined) throw new Failure('the registry no longer has it');
    const { paths, size } = await restoreEntry(opened.entry, {
      store: await openStore(nix),
      system: nixSystem,
      runtime,
    });
    runtime.log.info(`Restored ${paths.length} store paths, ${formatSize(size)}, from ${found}`);
    return { key: found, paths, size };
  } catch (cause) {
    if (runtime.cancelled.aborted || !(cause instanceof Failure)) throw cause;
    throw new Failure(`Cannot pull ${found}: ${messageOf(cause)}`, { cause });
  }
}
