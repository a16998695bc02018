import { type ConfigChange, compareConfigs } from '../inspect/compare-configs.ts';
import type { InspectedImage } from '../inspect/inspected-image.ts';
import { formatSize } from '../lib/format-size.ts';
import { oneLine } from '../lib/printable.ts';
import { columns } from './columns.ts';
import { compareImages, type ImageChanges, type PackageChange, sizeOfLayers } from './compare-images.ts';
import { nameLayer } from './name-layer.ts';
import { formatPackage } from './packages.ts';

/** The differences between two images. Sizes in bytes. */
export interface Difference {
  readonly before: InspectedImage;
  readonly after: InspectedImage;
  readonly changes: ImageChanges;
  readonly config: readonly ConfigChange[];
  /** Compressed size of the layers of `after` that `before` lacks, each counted once. */
  readonly pull: number;
}

/** Compares two images. */
export function differenceOf(before: InspectedImage, after: InspectedImage): Difference {
  const changes = compareImages(before, after);
  const missing = new Map(changes.newLayers.map(({ descriptor }) => [descriptor.digest, descriptor.size]));
  const pull = [...missing.values()].reduce((sum, size) => sum + size, 0);
  return { before, after, changes, config: compareConfigs(before.config, after.config), pull };
}

/** The report for a terminal of `width` columns. */
export function differenceText(difference: Difference, width: number | undefined): string {
  const { before, after, changes, pull } = difference;
  const [old, now] = [sizeOfLayers(before), sizeOfLayers(after)];
  const facts = columns([
    ['from', before.name],
    ['to', after.name],
    ['size', `${formatSize(old)} → ${formatSize(now)} (${formatChange(changes.size)})`],
    ['to pull', `${formatSize(pull)} for whoever has ${before.name}`],
  ]);
  const blocks = [facts, packageRows(changes, width), configRows(difference, width)];
  if (changes.newLayers.length > 0) {
    const rows = changes.newLayers.map(layer => ['', nameLayer(layer), formatSize(layer.descriptor.size)]);
    blocks.push([`new layers (${rows.length} of ${after.layers.length})`, ...columns(rows, { width, flexible: 1 })]);
  }
  return blocks.map(lines => lines.join('\n')).join('\n\n');
}

function packageRows({ packages }: ImageChanges, width: number | undefined): string[] {
  if (packages === undefined) return ['packages: unknown, because one of the images has no store paths of Nix'];
  if (packages.length === 0) return ['packages: the same'];
  const rows = packages.map(change => ['', change.kind, describeChange(change), formatKnownSize(change.size)]);
  return [`packages (${packages.length} differ)`, ...columns(rows, { width, flexible: 2 })];
}

/** `openssl 3.0.1 → 3.0.2`, `curl 8.1`. */
export function describeChange({ name, kind, before, after }: PackageChange): string {
  const versions = (list: readonly string[]) => list.filter(version => version !== '').join(', ');
  if (kind !== 'changed') return formatPackage({ name, version: versions(kind === 'removed' ? before : after) });
  return `${name} ${versions(before) || 'none'} → ${versions(after) || 'none'}`;
}

function formatKnownSize(size: number | undefined): string {
  return size === undefined ? '' : formatSize(size);
}

/** `+4.1 MB`, `-12 kB`, `unchanged`. */
function formatChange(bytes: number): string {
  if (bytes === 0) return 'unchanged';
  return `${bytes < 0 ? '-' : '+'}${formatSize(Math.abs(bytes))}`;
}

function configRows({ config }: Difference, width: number | undefined): string[] {
  if (config.length === 0) return ['config and labels: the same'];
  const rows = config.flatMap(({ field, before, after }) => [
    ...(before === undefined ? [] : [['', '-', oneLine(field), oneLine(before)]]),
    ...(after === undefined ? [] : [['', '+', oneLine(field), oneLine(after)]]),
  ]);
  return [`config and labels (${config.length} differ)`, ...columns(rows, { width, flexible: 3 })];
}

/** The report as a value for JSON. */
export function differenceJson({ before, after, changes, config, pull }: Difference): object {
  return {
    from: before.name,
    to: after.name,
    'size-change': changes.size,
    pull,
    packages: changes.packages?.map(({ layers: _, ...change }) => change) ?? null,
    config: config.map(({ field, before: old, after: now }) => ({ field, before: old ?? null, after: now ?? null })),
    'new-layers': changes.newLayers.map(({ descriptor }) => descriptor),
  };
}
