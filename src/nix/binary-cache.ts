import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { withoutLogins } from '../lib/http/url-login.ts';
import { features } from './build-target.ts';
import { inBatches } from './in-batches.ts';
import { type CallSettings, withStore } from './settings.ts';
import { readSettings } from './store.ts';
import type { NixProgram } from './toolchain.ts';

/** A binary cache to fetch store paths from and copy them to. */
export interface BinaryCache {
  /** URL of a store as Nix writes it: `file://`, `s3://`, `https://`, `http://`. */
  readonly url: string;
  /** `NAME:BASE64` of an Ed25519 secret key, the output of `nix key generate-secret`. */
  readonly signingKey?: string | undefined;
}

/**
 * Settings with which a build fetches from the cache. Signatures by its key or another trusted key are required, except
 * for a local directory without a key, which is trusted.
 */
export function fetchingFrom<T extends CallSettings>(settings: T, { url, signingKey }: BinaryCache): T {
  const isTrusted = signingKey === undefined && url.startsWith('file://');
  const nixConf = [
    // After the user's own lines, which may replace substituters.
    ...settings.nixConf,
    `extra-substituters = ${isTrusted ? withParameter(url, 'trusted', 'true') : url}`,
    ...(signingKey === undefined ? [] : [`extra-trusted-public-keys = ${publicKeyOf(signingKey)}`]),
  ];
  return { ...settings, nixConf };
}

/** An Ed25519 secret key in libsodium's form is the seed followed by the public key, 32 bytes each. */
function publicKeyOf(signingKey: string): string {
  const [name, key = ''] = signingKey.split(':');
  return `${name}:${Buffer.from(key, 'base64').subarray(32).toString('base64')}`;
}

/**
 * Copies paths and their closure to the cache, except those that it already has; returns the copied paths. The key is
 * passed in a file in `directory`.
 */
export async function copyToBinaryCache(
  paths: readonly string[],
  { url, signingKey }: BinaryCache,
  { nix, directory }: { readonly nix: NixProgram; readonly directory: string },
): Promise<ReadonlySet<string>> {
  // Nix's default, xz, takes ten times as long.
  let target = withParameter(url, 'compression', 'zstd');
  if (signingKey !== undefined) {
    const file = join(directory, 'signing-key');
    await writeFile(file, signingKey, { mode: 0o600 });
    target = withParameter(target, 'secret-key', file);
  }
  const { env, direction } = await aimAt(target, nix);
  const copied = new Set<string>();
  for (const batch of inBatches(paths)) {
    const args = ['copy', ...features, ...direction, '--', ...batch];
    const { code, stderr } = await nix.exec(nix.program, args, { env });
    if (code !== 0) throw new Failure(withoutLogins(`nix copy --to ${url} failed: ${reasonIn(stderr)}`));
    for (const [, path = ''] of stderr.matchAll(/^copying path '(.+?)' to /gm)) copied.add(path);
  }
  return copied;
}

/**
 * Environment and direction for `nix copy`. A URL with a login is passed in the environment, as the store to use, since
 * every user of the machine can read command lines; `--from` then names the original store.
 */
async function aimAt(target: string, nix: NixProgram): Promise<{ env: NixProgram['env']; direction: string[] }> {
  if (withoutLogins(target) === target) return { env: nix.env, direction: ['--to', target] };
  return { env: withStore(nix.env, target), direction: ['--from', (await readSettings(nix)).store] };
}

/** Nix's last error on one line, without the copied paths and the trace that newer versions print before it. */
function reasonIn(stderr: string): string {
  const [, reason = stderr] = /.*error: (.*)/s.exec(stderr) ?? [];
  return reason.replace(/\s+/g, ' ').trim();
}

/** Adds a query parameter, unless the URL already sets it. */
function withParameter(url: string, name: string, value: string): string {
  const [, query = ''] = /\?(.*)$/.exec(url) ?? [];
  if (new URLSearchParams(query).has(name)) return url;
  return `${url}${query === '' && !url.endsWith('?') ? '?' : query === '' ? '' : '&'}${name}=${value}`;
}
