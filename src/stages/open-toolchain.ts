import { DamagedEntry } from '../cache/read-entry.ts';
import { unpackToolchain } from '../cache/unpack-toolchain.ts';
import type { Host } from '../host.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { installUnpacked } from '../nix/install.ts';
import { type Release, releaseName } from '../nix/release.ts';
import { type Nix, openNix, releaseToInstall, type ToolchainInputs } from '../nix/toolchain.ts';
import { type FetchedEntry, fetchEntry, nixSystem } from './restore-store.ts';

/** What a build starts with. */
export interface Toolchain {
  readonly nix: Nix;
  readonly fetched: FetchedEntry | undefined;
}

/**
 * Finds Nix or installs it, and fetches the entry of the store cache beside that. Where the entry holds the Nix that would
 * be installed, it comes from there.
 */
export async function openToolchain(inputs: Inputs, settings: ToolchainInputs, host: Host): Promise<Toolchain> {
  const release = await releaseToInstall(settings, host);
  const fetching = fetchEntry(inputs, host, release && releaseName(release));
  let refusal: DamagedEntry | undefined;
  const restore = async (wanted: Release): Promise<boolean> => {
    const fetched = await fetching.withNix;
    if (fetched === undefined) return false;
    const entry = `the entry ${fetched.matchedKey}`;
    try {
      const isInstalled = await restoreNix(fetched, wanted, host);
      host.log.info(`Nix ${wanted.version} ${isInstalled ? 'comes from' : 'is not in'} ${entry}`);
      return isInstalled;
    } catch (error) {
      refusal = asRefusal(error);
      host.log.warning(`Nix ${wanted.version} does not come from ${entry}: ${messageOf(error)}`);
      return false;
    }
  };
  // The fetch must not outlive the run.
  const nix = await openNix(settings, host, restore).finally(() => fetching.entry);
  const fetched = await fetching.entry;
  return { nix, fetched: fetched && { ...fetched, refusal } };
}

function restoreNix({ file }: FetchedEntry, release: Release, host: Host): Promise<boolean> {
  return installUnpacked(directory => unpackToolchain(file, directory, nixSystem), release, host);
}

/** An entry whose Nix is not what its key says is no better than a damaged one; what is no Failure is trouble of the machine. */
function asRefusal(error: unknown): DamagedEntry | undefined {
  if (error instanceof DamagedEntry) return error;
  return error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : undefined;
}
