import { PackageURL } from 'packageurl-js';
import type { Repository } from '../oci/reference.ts';
import type { InventoryPath } from './inventory.ts';

/** The values that identify a package. */
type Identity = Pick<InventoryPath, 'name' | 'version' | 'sources'> & {
  /** Attributes of its derivation; only `name` and `goPackagePath` are used. */
  readonly attributes: Readonly<Record<string, string>>;
};

/** URLs of package registries, by type. Groups: `name`, and `version` if the URL has it as a part of its own. */
const registries: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['pypi', /^mirror:\/\/pypi\/[^/]+\/(?<name>[^/]+)\//],
  [
    'pypi',
    /^https:\/\/(?:files\.pythonhosted\.org|pypi\.org|pypi\.io|pypi\.python\.org)\/packages\/(?:source|[\w.]+)\/\w\/(?<name>[^/]+)\//,
  ],
  ['cargo', /^https:\/\/(?:static\.)?crates\.io\/(?:api\/v1\/)?crates\/(?<name>[^/]+)\/(?<version>[^/]+)\/download$/],
  ['npm', /^https:\/\/registry\.npmjs\.org\/(?<name>(?:(?:@|%40)[^/]+(?:\/|%2f))?[^/@]+)\/-\//i],
  ['golang', /^https:\/\/proxy\.golang\.org\/(?<name>.+)\/@v\/(?<version>[^/]+)\.zip$/],
];

/**
 * The package URL of a store path: that of a language's registry if the derivation shows that the source comes from it,
 * else `pkg:generic`. A type for Nix is proposed and not registered: https://github.com/package-url/purl-spec/pull/877
 */
export function packageUrl(identity: Identity): string {
  const { name, version } = identity;
  const found = languageOf(identity);
  try {
    if (found !== undefined) return formatUrl(found);
  } catch {
    // The library refuses versions and names that the type does not allow.
  }
  return formatUrl(['generic', name, version], downloadOf(identity));
}

function formatUrl([type, name, version]: Found, qualifiers?: Readonly<Record<string, string>>): string {
  const parts = name.split('/');
  const space = parts.slice(0, -1).join('/') || undefined;
  return new PackageURL(type, space, parts.at(-1) ?? '', version || undefined, qualifiers, undefined).toString();
}

type Found = readonly [type: string, name: string, version: string];

function languageOf({ version, sources, attributes }: Identity): Found | undefined {
  const [only, ...others] = sources;
  for (const [type, pattern] of others.length > 0 ? [] : registries) {
    const groups = pattern.exec(only?.url ?? '')?.groups;
    if (groups?.name !== undefined)
      return [type, groups.name.replace(/%40/, '@').replace(/%2f/i, '/'), groups.version ?? version];
  }
  const { goPackagePath, name = '', pname } = attributes;
  if (goPackagePath) return ['golang', goPackagePath, version && `v${version.replace(/^v/, '')}`];
  // nixpkgs' buildPythonPackage writes the interpreter before the name.
  return pname && /^python3\.\d+-/.test(name) ? ['pypi', pname.replace(/^python3\.\d+-/, ''), version] : undefined;
}

/** The qualifiers of `pkg:generic`: URL and checksum of the download, if it is a single file. */
function downloadOf({ sources }: Identity): Record<string, string> | undefined {
  const [only, ...others] = sources;
  if (only?.url === undefined || others.length > 0 || !/^(?:https?|ftp):/.test(only.url)) return undefined;
  const { hash } = only;
  return { download_url: only.url, ...(hash && !hash.isNar ? { checksum: `${hash.algorithm}:${hash.hex}` } : {}) };
}

/** The package URL of an image in a registry. `platform` is `os/architecture[/variant]`. purl-spec, type `oci`. */
export function imageUrl({ host, path }: Repository, digest: string, platform?: string): string {
  const architecture = platform?.split('/')[1];
  const qualifiers = { repository_url: `${host}/${path}`, ...(architecture && { arch: architecture }) };
  return new PackageURL('oci', undefined, path.split('/').at(-1) ?? path, digest, qualifiers, undefined).toString();
}

/** A guess of the CPE that the vulnerability databases use: most projects are their own vendor there. CPE 2.3. */
export function guessCpe(name: string, version: string): string | undefined {
  if (version === '' || !/^[\w.+-]+$/.test(name) || !/^[\w.+~-]+$/.test(version)) return undefined;
  const escaped = (text: string) => text.replace(/[+~]/g, '\\$&');
  const product = escaped(name.toLowerCase());
  return `cpe:2.3:a:${product}:${product}:${escaped(version)}:*:*:*:*:*:*:*`;
}
