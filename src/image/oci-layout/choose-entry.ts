import { Failure } from '../../lib/failure.ts';
import { platformOf } from '../../oci/config.ts';
import { closestTo } from '../../oci/platform.ts';
import { withName } from '../with-name.ts';
import { blobName, type LayoutFiles } from './layout-files.ts';
import { type Entry, readIndex } from './read-index.ts';
import { isImageManifest, readConfig, readManifest } from './read-manifest.ts';

/** Which image of a layout to use; required if it has several. */
export interface LayoutChoice {
  /** The value of `io.containerd.image.name` or `org.opencontainers.image.ref.name`, or the name without its tag. */
  readonly imageName?: string;
  /** `os/architecture[/variant]` */
  readonly platform?: string;
}

/** The one image that matches the choice; a Failure that lists the candidates if none or several do. */
export async function chooseEntry(files: LayoutFiles, choice: LayoutChoice): Promise<Entry> {
  const left = await entriesLeft(files, choice);
  const [entry] = left.found;
  if (entry !== undefined && left.found.length === 1) return entry;
  throw noChoice(files, choice, left);
}

/** The one image that matches the choice, or the images of one index; a Failure as above. */
export async function chooseEntries(files: LayoutFiles, choice: LayoutChoice): Promise<readonly Entry[]> {
  const left = await entriesLeft(files, choice);
  const indexes = new Set(left.found.map(({ index }) => index?.digest));
  const isOneIndex = indexes.size === 1 && !indexes.has(undefined);
  if (left.found.length === 1 || isOneIndex) return left.found;
  throw noChoice(files, choice, left);
}

interface Left {
  readonly found: readonly Entry[];
  /** The candidates. */
  readonly held: readonly Entry[];
}

async function entriesLeft(files: LayoutFiles, { imageName, platform }: LayoutChoice): Promise<Left> {
  const all = await readIndex(files);
  const named = imageName === undefined ? all : withName(all, imageName);
  const known = await Promise.all(named.map(entry => withPlatform(files, entry)));
  const meant = platform === undefined ? known : closestTo(platform, known, entry => entry.platform ?? '');
  const found = presentOf(meant, files);
  return { found, held: [found, known, all].find(entries => entries.length > 0) ?? [] };
}

function noChoice(files: LayoutFiles, { imageName, platform }: LayoutChoice, { found, held }: Left): Failure {
  const asked = [
    ...(imageName === undefined ? [] : [`named ${imageName}`]),
    ...(platform === undefined ? [] : [`for ${platform}`]),
  ];
  const count = found.length === 0 ? 'none is' : `${found.length} are`;
  return new Failure(
    `Cannot choose an image from ${files.description}: ${count} ${asked.join(' and ') || 'in it'}. ` +
      `It contains ${held.map(describe).join(', ')}. Set image-name or platform to select exactly one.`,
  );
}

function describe({ descriptor, names, platform }: Entry): string {
  const name = names.length === 0 ? descriptor.digest : names.join(' ');
  return platform === undefined ? name : `${name} (${platform})`;
}

/** An index need not state the platform of an image; its config does. */
async function withPlatform(files: LayoutFiles, entry: Entry): Promise<Entry> {
  if (entry.platform !== undefined || !isPresent(entry, files)) return entry;
  const manifest = await readManifest(files, entry.descriptor);
  if (!isImageManifest(manifest)) return entry;
  return { ...entry, platform: platformOf(await readConfig(files, manifest)) };
}

/**
 * An engine that has only one platform of an image lists all, but saves the one. If none exists, reading the first
 * reports that.
 */
function presentOf(entries: readonly Entry[], files: LayoutFiles): readonly Entry[] {
  const present = entries.filter(entry => isPresent(entry, files));
  return present.length === 0 ? entries : present;
}

function isPresent({ descriptor }: Entry, files: LayoutFiles): boolean {
  return files.has(blobName(descriptor.digest));
}
