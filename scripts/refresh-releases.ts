/**
 * Adds to src/nix/releases.json the newest Nix of each series since the oldest one in it, with the checksums that lie
 * beside the archives. What is in the table stays, and must still have the same checksums.
 *
 *     node scripts/refresh-releases.ts [TABLE [LISTING [BASE]]]
 *
 * LISTING is the bucket behind releases.nixos.org (ListObjectsV2 of S3), BASE where the archives lie.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Failure, messageOf } from '../src/lib/failure.ts';
import { compareVersions } from '../src/nix/nix-version.ts';

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

const systems = ['x86_64-linux', 'aarch64-linux'] as const;

const [
  tableFile = fileURLToPath(new URL('../src/nix/releases.json', import.meta.url)),
  listing = 'https://nix-releases.s3.amazonaws.com/',
  base = 'https://releases.nixos.org/nix',
] = process.argv.slice(2);

async function refresh(): Promise<void> {
  const table = JSON.parse(await readFile(tableFile, 'utf8')) as Table;
  const oldest = Object.keys(table).sort(compareVersions)[0] ?? '2.28';
  const candidates = newestOfSeries(await listVersions()).filter(version => compareVersions(version, oldest) > 0);
  const refreshed: Record<string, Readonly<Record<string, string>>> = {};
  for (const version of [...new Set([...Object.keys(table), ...candidates])].sort((a, b) => compareVersions(b, a))) {
    const checksums = await readChecksums(version);
    refuseChange(version, table[version], checksums);
    if (checksums !== undefined) refreshed[version] = checksums;
    else console.log(`Nix ${version} is left out: it has no archive for ${systems.join(' or none for ')}.`);
    if (checksums !== undefined && table[version] === undefined) console.log(`Nix ${version} is new.`);
  }
  await writeFile(tableFile, `${JSON.stringify(refreshed, null, 2)}\n`);
}

/** Every release; previews have other names. */
async function listVersions(): Promise<string[]> {
  const versions: string[] = [];
  let token: string | undefined;
  do {
    const url = new URL(listing);
    const query = {
      'list-type': '2',
      delimiter: '/',
      prefix: 'nix/nix-',
      ...(token && { 'continuation-token': token }),
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const xml = (await read(url.href)) ?? '';
    versions.push(
      ...[...xml.matchAll(/<Prefix>nix\/nix-(\d+\.\d+\.\d+)\/<\/Prefix>/g)].map(([, version = '']) => version),
    );
    token = /<NextContinuationToken>([^<]+)</.exec(xml)?.[1];
  } while (token !== undefined);
  if (versions.length === 0) throw new Failure(`Cannot refresh the releases: ${listing} lists none.`);
  return versions;
}

/** One version for each `2.35`. */
function newestOfSeries(versions: readonly string[]): string[] {
  const newest = new Map<string, string>();
  for (const version of versions) {
    const series = version.replace(/\.\d+$/, '');
    if (compareVersions(version, newest.get(series) ?? '0') > 0) newest.set(series, version);
  }
  return [...newest.values()];
}

/** By system; undefined where one is missing. */
async function readChecksums(version: string): Promise<Record<string, string> | undefined> {
  const checksums: Record<string, string> = {};
  for (const system of systems) {
    const url = `${base}/nix-${version}/nix-${version}-${system}.tar.xz.sha256`;
    const text = (await read(url))?.trim();
    if (text === undefined) return undefined;
    if (!/^[0-9a-f]{64}$/.test(text)) throw new Failure(`Cannot use ${url}: "${text.slice(0, 80)}" is no SHA-256.`);
    checksums[system] = text;
  }
  return checksums;
}

/** What was published once never changes; that it did is for a person to look into. */
function refuseChange(version: string, known: Table[string] | undefined, found: Table[string] | undefined): void {
  for (const system of systems) {
    if (known === undefined || known[system] === found?.[system]) continue;
    throw new Failure(
      `Nix ${version} for ${system} has the SHA-256 ${known[system]} in ${tableFile}, and ${found?.[system] ?? 'none'} at ${base}.`,
    );
  }
}

/** Undefined where there is nothing; S3 says 403 where it does not say 404. */
async function read(url: string): Promise<string | undefined> {
  const response = await fetch(url);
  if ([403, 404].includes(response.status)) return undefined;
  if (!response.ok) throw new Failure(`Cannot read ${url}: HTTP ${response.status}.`);
  return response.text();
}

try {
  await refresh();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
