import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, messageOf } from '../lib/failure.ts';
import { findProgram } from '../lib/process.ts';
import { removeTree } from '../lib/remove-tree.ts';
import type { Runtime } from '../runtime.ts';
import { adoptRelease } from './adopt.ts';
import { canBeRoot, runAsRoot } from './as-root.ts';
import { download, isUnreachable } from './download.ts';
import { prepareNixDirectory } from './nix-directory.ts';
import { readNixVersion } from './nix-version.ts';
import { chooseRelease, type Release, type ReleaseInputs } from './release.ts';
import { ownProgram, packagedProgram } from './settings.ts';
import { installableSystem } from './system.ts';
import { unpackRelease } from './unpack.ts';
import { makeUnpackDirectory } from './unpack-directory.ts';

/** Name in the tool cache of a runner. */
const toolName = 'nix-release';

/** Milliseconds that upstream may take to answer if another Nix could be installed instead. */
const longestSilence = 10_000;

/** Installs a release from a cache with `installUnpacked`; false if the cache does not have it. */
export type RestoreNix = (release: Release) => Promise<boolean>;

/** A Nix that was installed; it has reported this version. */
export interface InstalledNix {
  /** Absolute path of `nix`. */
  readonly program: string;
  readonly version: string;
}

/**
 * Installs Nix for this user only, with `restore` or from upstream's archive. Falls back, with a warning, to the
 * machine's Debian packages if upstream cannot be reached and the inputs ask for no particular Nix.
 */
export async function installNix(inputs: ReleaseInputs, runtime: Runtime, restore?: RestoreNix): Promise<InstalledNix> {
  const release = chooseRelease(inputs, installableSystem(process.platform, process.arch));
  await prepareNixDirectory(runtime);
  if (await restore?.(release)) return { program: ownProgram, version: release.version };
  return installRelease(release, inputs, runtime);
}

async function installRelease(release: Release, inputs: ReleaseInputs, runtime: Runtime): Promise<InstalledNix> {
  if (findProgram('tar', runtime.env) === undefined) {
    throw new Failure('Cannot unpack Nix: there is no tar on PATH. Install the package tar before this step.');
  }
  const asked = inputs.nixVersion !== undefined || inputs.nixUrl !== undefined;
  const canFallBack = !asked && (await hasDebianPackages(runtime));
  let unpacked: string;
  try {
    unpacked = (await unpackKept(release, runtime)) ?? (await unpackDownload(release, canFallBack, runtime));
  } catch (error) {
    if (canFallBack && isUnreachable(error)) {
      return installFromDebian(`${release.url} cannot be reached (${messageOf(error)})`, runtime);
    }
    if (error instanceof Failure) throw error;
    throw new Failure(
      `Cannot download Nix ${release.version} from ${release.url}: ${messageOf(error)}. ` +
        'Check nix-version, set nix-url to a mirror that this machine can reach, or install Nix before this step.',
      { cause: error },
    );
  }
  try {
    await adoptRelease(unpacked, release, runtime);
  } finally {
    removeTree(unpacked);
  }
  return { program: ownProgram, version: release.version };
}

/**
 * Installs the Nix that `unpack` writes to the given directory, in the layout of an unpacked release: read-only store
 * paths in `store/`, and their registration in `.reginfo`. Leaves nothing of a Nix that does not have the release's
 * version. Returns what `unpack` does; undefined says that there is no Nix.
 */
export async function installUnpacked<T>(
  unpack: (directory: string) => Promise<T | undefined>,
  release: Release,
  runtime: Runtime,
): Promise<T | undefined> {
  const directory = await makeUnpackDirectory();
  try {
    const unpacked = await unpack(directory);
    if (unpacked !== undefined) await adoptRelease(directory, release, runtime);
    return unpacked;
  } finally {
    removeTree(directory);
  }
}

/** Unpacks the archive in the tool cache; undefined if there is none or its checksum is wrong. */
async function unpackKept(release: Release, runtime: Runtime): Promise<string | undefined> {
  const file = await runtime.tools?.find(toolName, release.version);
  if (file === undefined) return undefined;
  try {
    const unpacked = await unpackRelease(createReadStream(file), { ...release, url: file }, runtime);
    runtime.log.info(`Nix ${release.version} unpacked from the tool cache, ${file}`);
    return unpacked;
  } catch (error) {
    runtime.log.warning(`Cannot use the tool cache: ${messageOf(error)}`);
    return undefined;
  }
}

async function unpackDownload(release: Release, canFallBack: boolean, runtime: Runtime): Promise<string> {
  const { url, version } = release;
  const otherwise = `; if it does not answer within ${longestSilence / 1000} s, the package nix-bin is installed instead`;
  runtime.log.info(`Downloading Nix ${version} from ${url}${canFallBack ? otherwise : ''}`);
  const onRetry = (error: unknown, wait: number) =>
    runtime.log.info(`The download was interrupted (${messageOf(error)}) and resumes in ${wait} ms`);
  const chunks = download(url, { env: runtime.env, onRetry, ...(canFallBack ? { firstAnswer: longestSilence } : {}) });
  const { tools } = runtime;
  if (tools === undefined) return unpackRelease(chunks, release, runtime);
  const file = join(runtime.temporary, 'nix-release.tar.xz');
  const unpacked = await unpackRelease(writeToo(chunks, file), release, runtime);
  try {
    await tools.keep(file, toolName, version);
  } catch (error) {
    runtime.log.warning(`Cannot keep Nix ${version} in the tool cache: ${messageOf(error)}`);
  }
  return unpacked;
}

/** The same chunks, also written to a file. */
async function* writeToo(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'w');
  try {
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}

async function hasDebianPackages(runtime: Runtime): Promise<boolean> {
  return findProgram('apt-get', runtime.env) !== undefined && (await canBeRoot(runtime));
}

/** Root's Nix builds as users of the group nixbld unless our settings apply; the second package creates them. */
function debianPackages(): readonly string[] {
  return process.getuid?.() === 0 ? ['nix-bin', 'nix-setup-systemd'] : ['nix-bin'];
}

/** Installs the Nix of the machine's own packages. `reason` says why it is not upstream's. */
async function installFromDebian(reason: string, runtime: Runtime): Promise<InstalledNix> {
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  await runAsRoot([...apt, 'update'], runtime);
  await runAsRoot([...apt, 'install', '-y', '--no-install-recommends', ...debianPackages()], runtime);
  const version = await readNixVersion(packagedProgram, runtime);
  runtime.log.warning(`${reason}: installed Nix ${version} from the package nix-bin instead.`);
  return { program: packagedProgram, version };
}
