import { Failure } from '../../lib/failure.ts';
import { platformOf } from '../../oci/config.ts';
import { closestTo } from '../../oci/platform.ts';
import { withName } from '../with-name.ts';
import { blobName, type LayoutFiles } from './layout-files.ts';
import { type Entry, readIndex } from './read-index.ts';
import { isImageManifest, readConfig, readManifest } from './read-manifest.ts';

/** Which image of a layout is meant; needed where it holds several. */
export interface LayoutChoice {
  /** What `io.containerd.image.name` or `org.opencontainers.image.ref.name` says, or that without a tag. */
  readonly imageName?: string;
  /** `os/architecture[/variant]` */
  readonly platform?: string;
}

/** The one image that the choice leaves; a Failure that lists what is there where it leaves none or several. */
export async function chooseEntry(files: LayoutFiles, choice: LayoutChoice): Promise<Entry> {
  const left = await entriesLeft(files, choice);
  const [entry] = left.found;
  if (entry !== undefined && left.found.length === 1) return entry;
  throw noChoice(files, choice, left);
}

/** The one image that the choice leaves, or the images of one index; a Failure as above. */
export async function chooseEntries(files: LayoutFiles, choice: LayoutChoice): Promise<readonly Entry[]> {
  const left = await entriesLeft(files, choice);
  const indexes = new Set(left.found.map(({ index }) => index?.digest));
  const isOneIndex = indexes.size === 1 && !indexes.has(undefined);
  if (left.found.length === 1 || isOneIndex) return left.found;
  throw noChoice(files, choice, left);
}

interface Left {
  readonly found: readonly Entry[];
  /** What there is to choose from. */
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

/** An index need not say for which platform an image is; its config does. */
async function withPlatform(files: LayoutFiles, entry: Entry): Promise<Entry> {
  if (entry.platform !== undefined || !isPresent(entry, files)) return entry;
  const manifest = await readManifest(files, entry.descriptor);
  if (!isImageManifest(manifest)) return entry;
  return { ...entry, platform: platformOf(await readConfig(files, manifest)) };
}

/** An engine that has one platform of many lists all, but saves the one. Where none is there, the first to read says so. */
function presentOf(entries: readonly Entry[], files: LayoutFiles): readonly Entry[] {
  const present = entries.filter(entry => isPresent(entry, files));
  return present.length === 0 ? entries : present;
}

function isPresent({ descriptor }: Entry, files: LayoutFiles): boolean {
  return files.has(blobName(descriptor.digest));
}
