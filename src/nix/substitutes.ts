import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure, messageOf } from '../lib/failure.ts';
import { withoutLogins } from '../lib/http/url-login.ts';
import { openFile } from '../lib/open-file.ts';
import { readProgram } from '../lib/process.ts';
import { fingerprintOf } from '../nar/fingerprint.ts';
import { NarFault } from '../nar/nar-fault.ts';
import { isSigned } from '../nar/nix-key.ts';
import { features } from './build-target.ts';
import { type PathInfo, type Registration, readAvailable, readClosure } from './closure.ts';
import type { FetchPlan } from './plan-build.ts';
import { withStore } from './settings.ts';
import { keepPaths, readSettings, type StoreSettings } from './store.ts';
import type { Nix } from './toolchain.ts';

/** A closure of which the store lacks paths that binary caches have. */
export interface Substitutes {
  /** The whole closure. Of a path that the store lacks it says what its cache has, signed as Nix requires. */
  readonly closure: ReadonlyMap<string, PathInfo>;
  /** Whether the store lacks the path. */
  isMissing(path: string): boolean;
  /** Fetches the NAR of a missing path now, for all that open it later. A NarFault as for `openNar`. */
  fetchNar(path: string): Promise<void>;
  /**
   * A fresh stream of the NAR of a missing path, unpacked. A NarFault if it does not arrive, or, at its end, if it is
   * not the one that the closure names.
   */
  openNar(path: string): AsyncIterable<Buffer>;
}

/** What a substituter has of a missing path. */
interface Substitute extends PathInfo {
  /** URL of the binary cache. */
  readonly cache: string;
}

/**
 * Asks binary caches about the paths that a build would fetch. A Failure if Nix would not accept what one of them says:
 * if a signature by a trusted key is missing although Nix requires it. Only for a user who `isTrustedBy` the store,
 * since the settings of others do not count.
 */
export async function openSubstitutes(plan: FetchPlan, nix: Nix, directory: string): Promise<Substitutes> {
  const settings = await readSettings(nix);
  const missing = await askCaches(plan, nix, settings);
  const closure = await completeClosure(plan.path, missing, nix);
  await keepPaths(
    nix,
    [...closure.keys()].filter(path => !missing.has(path)),
    directory,
  );
  const files = new Map<string, string>();
  const open = (path: string) => {
    const substitute = missing.get(path);
    if (substitute === undefined) throw new TypeError(`${path} is not missing.`);
    const file = files.get(path);
    return verified(file === undefined ? dumpPath(path, substitute, nix) : openFile(file), path, substitute);
  };
  return {
    closure,
    isMissing: path => missing.has(path),
    async fetchNar(path) {
      const file = join(directory, `nar-${randomUUID()}`);
      await pipeline(open(path), createWriteStream(file, { flags: 'wx' }));
      files.set(path, file);
    },
    openNar: open,
  };
}

/**
 * What the binary caches have of all paths of a plan. Each is asked only about paths that Nix would fetch from there.
 */
async function askCaches({ fetched, caches }: FetchPlan, nix: Nix, settings: StoreSettings) {
  const found = new Map<string, Substitute>();
  for (const cache of settings.substituters) {
    const isFrom = (path: string) => withoutParameters(caches.get(path) ?? cache) === withoutParameters(cache);
    const paths = fetched.filter(path => !found.has(path) && isFrom(path));
    const available = await readAvailable({ ...nix, env: withStore(nix.env, cache) }, paths);
    for (const [path, info] of available) found.set(path, accepted(path, { ...info, cache }, settings));
  }
  const left = fetched.find(path => !found.has(path));
  if (left === undefined) return found;
  throw new Failure(`no binary cache in substituters has ${left}`);
}

/** The URL of a binary cache as Nix names it. */
function withoutParameters(url: string): string {
  return url.replace(/\?.*$/, '').replace(/\/$/, '');
}

/** Whether what a cache has need not be signed. Nix manual, "HTTP Binary Cache Store", `trusted`. */
function isTrusted(url: string): boolean {
  return /[?&]trusted=(?:true|yes|1)(?:&|$)/.test(url);
}

function accepted(
  path: string,
  substitute: Registration & Substitute,
  { requireSigs, trustedPublicKeys }: StoreSettings,
): Substitute {
  const { cache, signatures, ...info } = substitute;
  const fingerprint = fingerprintOf({ path, ...info });
  if (isTrusted(cache) || !requireSigs || signatures.some(one => isSigned(fingerprint, one, trustedPublicKeys))) {
    return substitute;
  }
  throw new Failure(`no trusted key has signed what ${withoutLogins(cache)} says of ${path}`);
}

/** The paths that the root refers to, sorted. Those that are not missing are in the store, or this is a Failure. */
async function completeClosure(
  root: string,
  missing: ReadonlyMap<string, PathInfo>,
  nix: Nix,
): Promise<ReadonlyMap<string, PathInfo>> {
  const reached = new Set([root]);
  for (const path of reached) for (const reference of missing.get(path)?.references ?? []) reached.add(reference);
  const local = [...reached].filter(path => !missing.has(path));
  const there = local.length === 0 ? [] : await readClosure(nix, local);
  const infos = [...reached].flatMap(path => {
    const { narHash, narSize, references } = missing.get(path) ?? {};
    return narHash === undefined || narSize === undefined || references === undefined
      ? []
      : [[path, { narHash, narSize, references }] as const];
  });
  return new Map([...there, ...infos].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Nix logs in, verifies certificates, follows redirects, tries again and unpacks. */
async function* dumpPath(path: string, { cache }: Substitute, nix: Nix): AsyncGenerator<Buffer, void> {
  try {
    yield* readProgram(nix.program, ['store', 'dump-path', ...features, '--', path], {
      env: withStore(nix.env, cache),
    });
  } catch (cause) {
    throw new NarFault(withoutLogins(`Cannot fetch ${path} from ${cache}: ${messageOf(cause)}`), { cause });
  }
}

async function* verified(
  nar: AsyncIterable<Uint8Array>,
  path: string,
  { narHash, narSize, cache }: Substitute,
): AsyncGenerator<Buffer, void> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of nar) {
    hash.update(piece);
    size += piece.length;
    if (size > narSize) break;
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
  }
  if (size === narSize && `sha256:${hash.digest('hex')}` === narHash) return;
  throw new NarFault(
    `Cannot use ${path} from ${withoutLogins(cache)}: its NAR is not the one of ${narSize} bytes with the hash ${narHash} that the cache announces.`,
  );
}
