import { Failure } from '../lib/failure.ts';
import { withoutLogins } from '../lib/http/url-login.ts';
import { compareVersions } from './nix-version.ts';
import table from './releases.json' with { type: 'json' };

/** SHA-256 of upstream's archives by version and system, in hexadecimal. */
const checksums: Readonly<Record<string, Readonly<Record<string, string>>>> = table;

/** An upstream archive of Nix and its expected hash. */
export interface Release {
  readonly version: string;
  readonly url: string;
  /** SHA-256 of the archive, lower-case hexadecimal. */
  readonly sha256: string;
}

export interface ReleaseInputs {
  readonly nixVersion?: string;
  /** Base URL of the releases, instead of `https://releases.nixos.org/nix`; same layout. */
  readonly nixUrl?: string;
  readonly nixSha256?: string;
}

/**
 * The release to install on `system` (`x86_64-linux`, …): the requested version or the newest known one. Throws a
 * Failure for a malformed input, and for a version whose checksum is neither given nor known.
 */
export function chooseRelease(inputs: ReleaseInputs, system: string): Release {
  const version = inputs.nixVersion ?? newestVersion();
  if (!/^\d+\.\d[0-9A-Za-z.]*$/.test(version)) {
    throw new Failure(`Cannot install Nix "${version}": nix-version has to be a version such as ${newestVersion()}.`);
  }
  const base = parseBase(inputs.nixUrl ?? 'https://releases.nixos.org/nix');
  return {
    version,
    url: `${base}/nix-${version}/nix-${version}-${system}.tar.xz`,
    sha256: chooseChecksum(inputs.nixSha256, version, system),
  };
}

/** The name of a release in cache keys: `nix2.26.3-4e2c53e8`, with the start of its checksum. */
export function releaseName({ version, sha256 }: Release): string {
  return `nix${version}-${sha256.slice(0, 8)}`;
}

function newestVersion(): string {
  return Object.keys(checksums).reduce((newest, version) => (compareVersions(newest, version) < 0 ? version : newest));
}

function parseBase(url: string): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'https:' || protocol === 'http:') return url.replace(/\/+$/, '');
  throw new Failure(`Cannot install Nix from "${withoutLogins(url)}": nix-url has to be an http or https URL.`);
}

function chooseChecksum(expected: string | undefined, version: string, system: string): string {
  if (expected !== undefined && !/^[0-9a-fA-F]{64}$/.test(expected)) {
    throw new Failure(`Cannot check Nix ${version} against "${expected}": nix-sha256 has to be 64 hexadecimal digits.`);
  }
  const sha256 = expected ?? checksums[version]?.[system];
  if (sha256 !== undefined) return sha256.toLowerCase();
  throw new Failure(
    `Cannot install Nix ${version} for ${system}: this action does not know its checksum. ` +
      `Set nix-sha256 to the SHA-256 of nix-${version}-${system}.tar.xz, ` +
      `or nix-version to one of ${Object.keys(checksums).join(', ')}.`,
  );
}
