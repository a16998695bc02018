import { Failure } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';
import { storeDirectory } from '../store-path.ts';
import { installNix, type RestoreNix } from './install.ts';
import { openKvm } from './kvm.ts';
import { findRefusal, stateDirectory } from './nix-directory.ts';
import { compareVersions, readNixVersion } from './nix-version.ts';
import { exportInstallation, isOwnInstallation, ownDirectory } from './settings.ts';
import { environmentOf, findInstalled, type Nix, type ToolchainInputs } from './toolchain.ts';
import { removeStale } from './unpack-directory.ts';

/**
 * The first version with everything that we use: flakes, `--json` with output paths, `NIX_CONFIG`,
 * `extra-access-tokens`.
 */
const oldestVersion = '2.8';

/**
 * Finds the machine's Nix, or installs one if there is none. An existing Nix is used unchanged; another version than
 * `nixVersion` is a warning or, if `nixVersionStrict`, a Failure. One that this action installed is replaced. A version
 * before 2.8 is a Failure. `restore` as in `installNix`.
 */
export async function openNix(inputs: ToolchainInputs, runtime: Runtime, restore?: RestoreNix): Promise<Nix> {
  if (inputs.githubToken !== undefined) runtime.log.secret(inputs.githubToken);
  await openKvm(runtime);
  const found = await findInstalled(inputs, runtime);
  const installed = found === undefined;
  if (found !== undefined && (await isOwnInstallation(found))) await requireOwner(found);
  const { program, version } =
    found === undefined
      ? await installNix(inputs, runtime, restore)
      : { program: found, version: await readNixVersion(found, runtime) };
  checkVersion({ program, version }, inputs, runtime);
  if (installed || (await isOwnInstallation(program))) {
    await exportInstallation(program, inputs, runtime);
    await removeStale(runtime);
  }
  runtime.log.info(`Nix ${version} at ${program}${installed ? ', installed now' : ''}`);
  return { program, version, env: environmentOf(inputs, runtime), exec: runtime.exec, installed };
}

/** A single-user installation works only for the owner of its store, and root. */
async function requireOwner(program: string): Promise<void> {
  for (const path of [storeDirectory, stateDirectory, ownDirectory]) {
    const cause = await findRefusal(path);
    if (cause === undefined) continue;
    const owner = `${process.getuid?.()}:${process.getgid?.()}`;
    throw new Failure(
      `Cannot use the Nix at ${program}: an earlier run installed it as another user, and this user, ${owner}, may not ` +
        `write to ${path}. Run all steps as the same user, or change its owner before this step, as root: chown -R ${owner} /nix`,
      { cause },
    );
  }
}

function checkVersion(
  { version, program }: Pick<Nix, 'program' | 'version'>,
  { nixVersion, nixVersionStrict }: ToolchainInputs,
  runtime: Runtime,
): void {
  if (compareVersions(version, oldestVersion) < 0) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: Nix ${oldestVersion} or newer is needed. ` +
        'Upgrade it, or remove it so that this step installs a newer one.',
    );
  }
  if (nixVersion === undefined || nixVersion === version) return;
  if (nixVersionStrict) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: nix-version-strict requires Nix ${nixVersion}. ` +
        'Remove that Nix so that this step installs the right one, or leave out nix-version-strict.',
    );
  }
  runtime.log.warning(
    `Using Nix ${version} at ${program}, not Nix ${nixVersion}: nix-version applies only if no Nix is installed.`,
  );
}
