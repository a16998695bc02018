import { DamagedEntry, type Entry } from '../../cache/read-entry.ts';
import { unpackToolchain } from '../../cache/unpack-toolchain.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { installUnpacked } from '../../nix/install.ts';
import { openNix } from '../../nix/open-nix.ts';
import { type Release, releaseName } from '../../nix/release.ts';
import { isOwnInstallation } from '../../nix/settings.ts';
import { nixSystem } from '../../nix/system.ts';
import { findNix, type Nix, releaseToInstall, type ToolchainInputs } from '../../nix/toolchain.ts';
import type { Runtime } from '../../runtime.ts';
import { addJobNotes, readJobNotes } from './job-notes.ts';
import { expectEntry, type FetchedEntry, fetchEntry, keepSources } from './restore-store.ts';

/** What a build needs before it starts. */
export interface Toolchain {
  /** Counts as installed also if an earlier step of this job installed it. */
  readonly nix: Nix;
  readonly fetched: FetchedEntry | undefined;
  /** As `StoreCache` has it, if sources were restored with Nix. */
  readonly before?: ReadonlySet<string> | undefined;
}

/**
 * Finds or installs Nix and fetches the entry of the store cache at the same time. If the entry contains the Nix to
 * install, it is installed from there, and with it what an evaluation reads.
 */
export async function openToolchain(inputs: Inputs, settings: ToolchainInputs, runtime: Runtime): Promise<Toolchain> {
  const release = await releaseToInstall(settings, runtime);
  const installedBefore = release === undefined ? await findInstalledInJob(settings, runtime) : undefined;
  const name = release === undefined ? installedBefore : releaseName(release);
  const fetching = fetchEntry(inputs, runtime, name);
  let refusal: DamagedEntry | undefined;
  let sources: readonly string[] | undefined;
  const restore = async (wanted: Release): Promise<boolean> => {
    const fetched = await fetching.withNix;
    if (fetched === undefined) return false;
    const entry = `the entry ${fetched.matchedKey}`;
    try {
      sources = await restoreNix(expectEntry(fetched), wanted, runtime);
      runtime.log.info(`Nix ${wanted.version} ${sources === undefined ? 'is not in' : 'restored from'} ${entry}`);
      return sources !== undefined;
    } catch (error) {
      refusal = damagedEntryOf(error);
      runtime.log.warning(`Cannot restore Nix ${wanted.version} from ${entry}: ${messageOf(error)}`);
      return false;
    }
  };
  // The fetch must not outlive the run.
  const nix = await openNix(settings, runtime, restore).finally(() => fetching.entry);
  if (nix.installed && name !== undefined) await addJobNotes(runtime, { installed: name });
  const fetched = await fetching.entry;
  const before = sources && (await keepSources(sources, nix, runtime));
  return {
    before,
    nix: { ...nix, installed: nix.installed || installedBefore !== undefined },
    fetched: fetched && { ...fetched, refusal: fetched.refusal ?? refusal },
  };
}

/**
 * The release that an earlier step of this job installed, if its Nix is the one in use; it goes into the same entry.
 */
async function findInstalledInJob(settings: ToolchainInputs, runtime: Runtime): Promise<string | undefined> {
  const { installed } = await readJobNotes(runtime);
  const program = findNix(settings, runtime)?.program;
  return program !== undefined && (await isOwnInstallation(program)) ? installed : undefined;
}

function restoreNix(entry: Entry, release: Release, runtime: Runtime): Promise<readonly string[] | undefined> {
  return installUnpacked(directory => unpackToolchain(entry, directory, nixSystem), release, runtime);
}

/**
 * An entry whose Nix differs from what its key states counts as damaged. Anything but a Failure is a fault of this
 * machine.
 */
function damagedEntryOf(error: unknown): DamagedEntry | undefined {
  if (error instanceof DamagedEntry) return error;
  return error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : undefined;
}
