import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, constants, lstat, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Host } from '../host.ts';
import { Failure, hasCode, messageOf } from '../lib/failure.ts';
import { findProgram, isExecutable, runProgram } from '../lib/process.ts';
import { isThere } from './is-there.ts';
import { readNixVersion } from './nix-version.ts';
import { chooseRelease, type Release, type ReleaseInputs } from './release.ts';
import { ownCertificates, ownDirectory, ownProgram, ownRoot, packagedProgram } from './settings.ts';

const storeDirectory = '/nix/store';
const reachTimeout = 10_000;

/**
 * Installs Nix for this user alone, from upstream's archive, and returns the absolute path of `nix`. Falls back, with
 * a warning, to the machine's Debian packages if upstream cannot be reached and nothing particular was asked for.
 */
export async function installNix(inputs: ReleaseInputs, host: Host): Promise<string> {
  const release = chooseRelease(inputs, nixSystem());
  await requireTools(host);
  let archive: string;
  try {
    archive = await download(release, host);
  } catch (error) {
    const asked = inputs.nixVersion !== undefined || inputs.nixUrl !== undefined;
    if (!asked && isUnreachable(error) && (await hasDebianPackages(host))) {
      return installFromDebian(`${release.url} cannot be reached (${reasonOf(error)})`, host);
    }
    throw new Failure(
      `Cannot download Nix ${release.version} from ${release.url}: ${reasonOf(error)}. ` +
        'Check nix-version, set nix-url to a mirror that this machine reaches, or install Nix before this step.',
      { cause: error },
    );
  }
  await verify(archive, release);
  await prepareNixDirectory(host);
  await unpack(archive, release, host);
  return ownProgram;
}

/** Nix's name of this machine's system. */
function nixSystem(): string {
  const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  if (process.platform === 'linux' && architecture !== undefined) return `${architecture}-linux`;
  throw new Failure(
    `Cannot install Nix on ${process.platform} (${process.arch}): only Linux on x86_64 or aarch64 is supported. ` +
      'Here, install Nix 2.8 or newer before this step.',
  );
}

async function requireTools(host: Host): Promise<void> {
  for (const [tool, packages] of [
    ['tar', 'tar'],
    ['xz', 'xz-utils (Debian, Ubuntu) or xz (elsewhere)'],
  ] as const) {
    if ((await findProgram(tool, host.env)) !== undefined) continue;
    throw new Failure(`Cannot unpack Nix: there is no ${tool} on PATH. Install the package ${packages}.`);
  }
}

async function download(release: Release, host: Host): Promise<string> {
  // A server out of reach is noticed here at once; the download itself retries for long. What a proxy reaches, only
  // the download can tell.
  const proxied = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].some(name => host.env[name]);
  if (!proxied) await fetch(release.url, { method: 'HEAD', signal: AbortSignal.timeout(reachTimeout) });
  host.log.info(`Downloading Nix ${release.version} from ${release.url}`);
  return host.download(release.url);
}

/** Whether no server answered, as opposed to one that answered with an error. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof DOMException && error.name === 'TimeoutError') return true;
  return hasCode(
    error,
    ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
    ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_SOCKET'],
  );
}

/** The innermost cause in words: `fetch` itself says no more than "fetch failed". */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error) return reasonOf(error.cause);
  return messageOf(error) || String((error as NodeJS.ErrnoException).code);
}

async function verify(archive: string, release: Release): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  const actual = hash.digest('hex');
  if (actual === release.sha256) return;
  throw new Failure(
    `Cannot install Nix ${release.version}: ${release.url} has the SHA-256 ${actual}, expected ${release.sha256}. ` +
      'Check nix-sha256 and nix-url.',
  );
}

/** Makes sure that /nix is there and this user's to write. */
async function prepareNixDirectory(host: Host): Promise<void> {
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  if (!(await isThere('/nix'))) {
    if (!(await canBeRoot(host))) {
      throw new Failure(
        'Cannot create /nix: this user is not root and there is no sudo that asks for no password. ' +
          `Before this step, as root: mkdir /nix && chown ${owner} /nix`,
      );
    }
    await runAsRoot(['mkdir', '-p', '/nix'], host);
    await runAsRoot(['chown', owner, '/nix'], host);
  }
  for (const path of ['/nix', storeDirectory, '/nix/var', '/nix/var/nix']) {
    try {
      await access(path, constants.W_OK);
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) continue;
      throw new Failure(
        `Cannot install Nix: ${path} is there and not writable. Before this step, as root: chown -R ${owner} /nix`,
        { cause },
      );
    }
  }
}

/** Unpacks beside the store, moves whole store paths into it, registers them, then makes the new Nix the current one. */
async function unpack(archive: string, release: Release, host: Host): Promise<void> {
  await mkdir(ownDirectory, { recursive: true });
  const temporary = await mkdtemp(join(ownDirectory, 'unpack-'));
  try {
    const tar = ['-xJf', archive, '-C', temporary, '--strip-components=1', '--no-same-owner'];
    await run('tar', tar, host);
    const names = (await readdir(join(temporary, 'store'))).sort();
    await run('chmod', ['-R', 'a-w', ...names.map(name => join(temporary, 'store', name))], host);
    await mkdir(storeDirectory, { recursive: true });
    for (const name of names) await moveStorePath(join(temporary, 'store', name), join(storeDirectory, name));
    const nix = await findNixPath(names, release);
    await register(nix, join(temporary, '.reginfo'), host);
    await linkCertificates(names);
    await replaceLink(nix, ownRoot);
  } finally {
    await runProgram('chmod', ['-R', 'u+w', temporary], { env: host.env });
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Moves in one step, so that the store never has half a path. A path that is there already is left alone. */
async function moveStorePath(from: string, to: string): Promise<void> {
  const isDirectory = (await lstat(from)).isDirectory();
  // rename(2) changes ".." of a directory and so needs it writable.
  if (isDirectory) await chmod(from, 0o755);
  try {
    await rename(from, to);
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return;
    throw error;
  }
  if (isDirectory) await chmod(to, 0o555);
}

/** The store path of Nix itself. Looked for in the store because newer ones have links to other store paths in bin. */
async function findNixPath(names: readonly string[], release: Release): Promise<string> {
  for (const name of names.filter(candidate => candidate.endsWith(`-nix-${release.version}`))) {
    const path = join(storeDirectory, name);
    if (await isExecutable(join(path, 'bin/nix'))) return path;
  }
  throw new Failure(`Cannot install Nix ${release.version}: ${release.url} holds no store path with its bin/nix.`);
}

async function register(nix: string, registration: string, host: Host): Promise<void> {
  const program = join(nix, 'bin/nix-store');
  const { code, stderr } = await runProgram(program, ['--load-db'], {
    env: host.env,
    input: createReadStream(registration),
  });
  if (code !== 0) throw new Failure(`Cannot register Nix in ${storeDirectory}: ${stderr.trim()} (exit code ${code}).`);
}

async function linkCertificates(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(storeDirectory, name);
    if (await isThere(join(path, 'etc/ssl/certs/ca-bundle.crt'))) return replaceLink(path, ownCertificates);
  }
}

async function replaceLink(target: string, link: string): Promise<void> {
  await mkdir(dirname(link), { recursive: true });
  const temporary = `${link}.${process.pid}`;
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, link);
}

async function hasDebianPackages(host: Host): Promise<boolean> {
  return (await findProgram('apt-get', host.env)) !== undefined && (await canBeRoot(host));
}

/** Installs whatever Nix the machine's own packages have. `reason` says why it is not upstream's. */
async function installFromDebian(reason: string, host: Host): Promise<string> {
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  await prepareNixDirectory(host);
  await runAsRoot([...apt, 'update'], host);
  await runAsRoot([...apt, 'install', '-y', '--no-install-recommends', 'nix-bin'], host);
  const version = await readNixVersion(packagedProgram, host.env);
  host.log.warning(`${reason}: Nix ${version} comes from the machine's package nix-bin instead.`);
  return packagedProgram;
}

async function canBeRoot(host: Host): Promise<boolean> {
  if (process.getuid?.() === 0) return true;
  const sudo = await findProgram('sudo', host.env);
  return sudo !== undefined && (await runProgram(sudo, ['-n', 'true'], { env: host.env })).code === 0;
}

async function runAsRoot(command: readonly string[], host: Host): Promise<void> {
  const [program = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
  await run(program, args, host);
}

async function run(program: string, args: readonly string[], host: Host): Promise<void> {
  const { code, stderr } = await runProgram(program, args, { env: host.env });
  if (code !== 0) {
    throw new Failure(
      `Cannot install Nix: "${program} ${args.join(' ')}" failed: ${stderr.trim()} (exit code ${code}).`,
    );
  }
}
