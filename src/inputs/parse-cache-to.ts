import type { Keep } from '../cache/oci/old-entries.ts';
import { Failure } from '../lib/failure.ts';
import { withoutLogins } from '../lib/http/url-login.ts';
import { parseRepository } from '../oci/reference.ts';
import type { CacheInputs } from './inputs.ts';
import { isPath } from './is-path.ts';

/** A path is a directory of entries, `oci://` a repository with entries, and any other URL a binary cache. */
export function parseCacheTo(
  text: string,
  signingKey: string,
): Pick<CacheInputs, 'directory' | 'registry' | 'binaryCache'> {
  const isRegistry = text.startsWith('oci://');
  const isBinaryCache = /^(file:\/\/\/|(s3|https?):\/\/)[^\s]+$/.test(text);
  if (signingKey !== '' && !isRegistry && !isBinaryCache) {
    throw new Failure(
      'Cannot use cache-signing-key: cache-to names neither a registry nor a binary cache. Give its URL in cache-to.',
    );
  }
  const key = signingKey === '' ? {} : { signingKey: parseSigningKey(signingKey) };
  if (text === '') return {};
  if (isPath(text)) return { directory: text };
  if (isBinaryCache) return { binaryCache: { url: text, ...key } };
  if (isRegistry) return { registry: { repository: parseRegistryUrl(text), ...key } };
  throw new Failure(
    `Cannot use cache-to: "${withoutLogins(text)}". Give a directory (/… or ./…), a registry (oci://HOST/PATH), or a binary cache: file:///…, s3://…, https://….`,
  );
}

/** `oci://ghcr.io/acme/app-cache` */
function parseRegistryUrl(url: string) {
  if (withoutLogins(url) !== url) {
    throw new Failure(
      `Cannot use "${withoutLogins(url)}": an oci:// URL has no login. Use docker login, or username and password.`,
    );
  }
  return parseRepository(url.replace(/^oci:\/\//, ''));
}

/** nix.conf(5), `secret-key-files`: an Ed25519 secret key has 64 bytes. */
function parseSigningKey(key: string): string {
  if (/^[^:\s]+:[A-Za-z0-9+/]{86}==$/.test(key)) return key;
  throw new Failure(
    'Cannot use cache-signing-key: it is not a secret key. Give the output of "nix key generate-secret".',
  );
}

const day = 24 * 60 * 60 * 1000;

/** A count, an age in days, or both: `10`, `14d`, `10 14d`. */
export function parseCacheKeep(text: string): { readonly keep?: Keep } {
  if (text === '') return {};
  const words = text.split(/\s+/);
  const counts = words.filter(word => /^[1-9]\d{0,5}$/.test(word));
  const ages = words.filter(word => /^[1-9]\d{0,4}d$/.test(word));
  if (counts.length > 1 || ages.length > 1 || counts.length + ages.length !== words.length) {
    throw new Failure(
      `Cannot use cache-keep: "${text}". Give a number of entries (10), an age in days (14d), or both (10 14d).`,
    );
  }
  const [count] = counts.map(Number);
  const [age] = ages.map(word => Number(word.slice(0, -1)) * day);
  return { keep: { ...(count === undefined ? {} : { count }), ...(age === undefined ? {} : { age }) } };
}
