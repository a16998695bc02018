import { Failure } from '../lib/failure.ts';
import { isPlatform, normalizePlatform } from '../oci/platform.ts';
import { inputTable } from './input-table.ts';
import type { ImageSource, PlatformBuild } from './inputs.ts';

interface InstallableLine {
  readonly name: string | undefined;
  readonly platform: string | undefined;
  readonly installable: string;
}

/** A line that begins with `#` need not be a comment: `#image` is an attribute of a flake here. */
export function installableLines(text: string): InstallableLine[] {
  const lines = text.split(/\r?\n/).map(line => line.trim());
  return lines.filter(line => line !== '' && !/^#(\s|$)/.test(line)).map(parseInstallable);
}

/** `.#image`, optionally preceded by `NAME=`, `OS/ARCHITECTURE=` or `NAME/OS/ARCHITECTURE=`. */
function parseInstallable(line: string): InstallableLine {
  const [, key, installable = line] = /^([A-Za-z0-9][\w./-]*)=(.+)$/.exec(line) ?? [];
  if (key === undefined) return { name: undefined, platform: undefined, installable };
  const [, name, platform] = /^(?:([a-z0-9]+(?:[._-]+[a-z0-9]+)*))??(?:(?:^|\/)(linux\/.+))?$/.exec(key) ?? [];
  if ((name === undefined && platform === undefined) || (platform !== undefined && !isPlatform(platform))) {
    throw new Failure(
      `Cannot use the installable line "${line}": "${key}" is neither a name in lower-case letters, digits, ".", "_" and "-" nor a platform such as linux/amd64.`,
    );
  }
  return { name, platform, installable };
}

/** The names of the images; none if an image has no name. */
export function imageNamesOf(lines: readonly InstallableLine[]): string[] {
  const names = new Set(lines.map(({ name }) => name));
  const named = [...names].filter(name => name !== undefined);
  if (named.length === 0 || named.length === names.size) return named;
  throw new Failure('Cannot use installable: some of its lines have a name and some have none. Name all or none.');
}

/** What to build for each platform, from `installable`, `file` or `path`; only one of them may be set. */
export function parseBuilds(
  installables: readonly InstallableLine[],
  source: { file?: string; attr?: string; path?: string },
): PlatformBuild[] {
  const isDefault = installables.length === 1 && installables[0]?.installable === inputTable.installable.default;
  const other = parseSource(source, isDefault ? [] : ['installable']);
  if (other !== undefined) return [{ source: other }];
  const platforms = installables.map(({ platform }) => platform && normalizePlatform(platform));
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (installables.length > 1 && new Set(platforms).size < installables.length) {
    throw new Failure(
      `Cannot use installable: ${installables.length} lines are for ${twice ?? 'no platform'}. Start each with a different name or platform, as in linux/arm64=.#image.`,
    );
  }
  if (installables.length > 1 && platforms.includes(undefined)) {
    throw new Failure(
      'Cannot use installable: some of its lines have a platform and some have none. Give all a platform.',
    );
  }
  return installables.map(({ platform, installable }) => ({
    ...(platform === undefined ? {} : { platform }),
    source: { kind: 'installable', installable },
  }));
}

/** The source if `file` or `path` is set instead of `installable`. */
function parseSource(
  { file, attr, path }: { file?: string; attr?: string; path?: string },
  others: readonly string[],
): ImageSource | undefined {
  const named = [...others, ...(file === undefined ? [] : ['file']), ...(path === undefined ? [] : ['path'])];
  if (named.length > 1) {
    throw new Failure(`Cannot use ${named.join(' and ')} together: each names the image. Keep one of them.`);
  }
  if (attr !== undefined && file === undefined) {
    throw new Failure(`Cannot use attr "${attr}" without file: name the Nix file it is in, or use installable.`);
  }
  if (path !== undefined) return { kind: 'path', path };
  if (file !== undefined) return { kind: 'file', file, ...(attr === undefined ? {} : { attr }) };
  return undefined;
}
