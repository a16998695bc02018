import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { findProgram } from '../lib/process.ts';
import { adoptRelease } from './adopt.ts';
import { canBeRoot, runAsRoot } from './as-root.ts';
import { download, isUnreachable } from './download.ts';
import { prepareNixDirectory } from './nix-directory.ts';
import { readNixVersion } from './nix-version.ts';
import { chooseRelease, type Release, type ReleaseInputs } from './release.ts';
import { ownProgram, packagedProgram } from './settings.ts';
import { installableSystem } from './system.ts';
import { unpackRelease } from './unpack.ts';
import { makeUnpackDirectory, removeUnpacked } from './unpack-directory.ts';

/** Name in the tool cache of a runner. */
const toolName = 'nix-release';

/** Milliseconds that upstream may take to answer if there is another Nix to install. */
const longestSilence = 10_000;

/** Installs what `installUnpacked` does, from a place where it was kept; false where it is not there. */
export type RestoreNix = (release: Release) => Promise<boolean>;

/**
 * Installs Nix for this user alone, by `restore` or from upstream's archive, and returns the absolute path of `nix`. Falls
 * back, with a warning, to the machine's Debian packages if upstream cannot be reached and nothing particular was asked for.
 */
export async function installNix(inputs: ReleaseInputs, host: Host, restore?: RestoreNix): Promise<string> {
  const release = chooseRelease(inputs, installableSystem(process.platform, process.arch));
  await prepareNixDirectory(host);
  return (await restore?.(release)) ? ownProgram : installRelease(release, inputs, host);
}

async function installRelease(release: Release, inputs: ReleaseInputs, host: Host): Promise<string> {
  if (findProgram('tar', host.env) === undefined) {
    throw new Failure('Cannot unpack Nix: there is no tar on PATH. Install the package tar.');
  }
  const asked = inputs.nixVersion !== undefined || inputs.nixUrl !== undefined;
  const canFallBack = !asked && (await hasDebianPackages(host));
  let unpacked: string;
  try {
    unpacked = (await unpackKept(release, host)) ?? (await unpackDownload(release, canFallBack, host));
  } catch (error) {
    if (canFallBack && isUnreachable(error)) {
      return installFromDebian(`${release.url} cannot be reached (${messageOf(error)})`, host);
    }
    if (error instanceof Failure) throw error;
    throw new Failure(
      `Cannot download Nix ${release.version} from ${release.url}: ${messageOf(error)}. ` +
        'Check nix-version, set nix-url to a mirror that this machine reaches, or install Nix before this step.',
      { cause: error },
    );
  }
  try {
    await adoptRelease(unpacked, release, host);
  } finally {
    await removeUnpacked(unpacked, host);
  }
  return ownProgram;
}

/**
 * Installs the Nix that `unpack` writes to the directory it is given, in the shape of a release that is unpacked: store
 * paths in `store/`, which are what `.reginfo` says. Nothing is left of one that is not the release's version. `unpack`
 * tells whether there is a Nix at all, and this does.
 */
export async function installUnpacked(
  unpack: (directory: string) => Promise<boolean>,
  release: Release,
  host: Host,
): Promise<boolean> {
  const directory = await makeUnpackDirectory();
  try {
    const holdsNix = await unpack(directory);
    if (holdsNix) await adoptRelease(directory, release, host);
    return holdsNix;
  } finally {
    await removeUnpacked(directory, host);
  }
}

/** From the tool cache; undefined where it has no archive, or another one than it should. */
async function unpackKept(release: Release, host: Host): Promise<string | undefined> {
  const file = await host.tools?.find(toolName, release.version);
  if (file === undefined) return undefined;
  try {
    const unpacked = await unpackRelease(createReadStream(file), { ...release, url: file }, host);
    host.log.info(`Nix ${release.version} comes from the tool cache, ${file}`);
    return unpacked;
  } catch (error) {
    host.log.warning(`The tool cache is not used: ${messageOf(error)}`);
    return undefined;
  }
}

async function unpackDownload(release: Release, canFallBack: boolean, host: Host): Promise<string> {
  const { url, version } = release;
  const otherwise = `; without an answer in ${longestSilence / 1000} s, this machine's package nix-bin is installed instead`;
  host.log.info(`Downloading Nix ${version} from ${url}${canFallBack ? otherwise : ''}`);
  const onRetry = (error: unknown, wait: number) =>
    host.log.info(`The download broke off (${messageOf(error)}), it goes on in ${wait} ms`);
  const chunks = download(url, { env: host.env, onRetry, ...(canFallBack ? { firstAnswer: longestSilence } : {}) });
  const { tools } = host;
  if (tools === undefined) return unpackRelease(chunks, release, host);
  const file = join(host.temporary, 'nix-release.tar.xz');
  const unpacked = await unpackRelease(writeToo(chunks, file), release, host);
  try {
    await tools.keep(file, toolName, version);
  } catch (error) {
    host.log.warning(`Nix ${version} is not kept in the tool cache: ${messageOf(error)}`);
  }
  return unpacked;
}

/** The same chunks, written to a file as they pass. */
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

async function hasDebianPackages(host: Host): Promise<boolean> {
  return findProgram('apt-get', host.env) !== undefined && (await canBeRoot(host));
}

/** Root's Nix builds as members of the group nixbld, unless our settings are in force; the second package makes them. */
function debianPackages(): readonly string[] {
  return process.getuid?.() === 0 ? ['nix-bin', 'nix-setup-systemd'] : ['nix-bin'];
}

/** Installs whatever Nix the machine's own packages have. `reason` says why it is not upstream's. */
async function installFromDebian(reason: string, host: Host): Promise<string> {
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  await runAsRoot([...apt, 'update'], host);
  await runAsRoot([...apt, 'install', '-y', '--no-install-recommends', ...debianPackages()], host);
  const version = await readNixVersion(packagedProgram, host.env);
  host.log.warning(`${reason}: Nix ${version} comes from the machine's package nix-bin instead.`);
  return packagedProgram;
}
