import { formatSize } from '../lib/format-size.ts';
import { type ImageChanges, type PackageChange, sizeOfLayers } from './compare-images.ts';
import type { LayerSummary } from './image-summary.ts';
import { details, span, table } from './markdown.ts';
import { nameLayer } from './name-layer.ts';

/** `+2.0 MB` */
export function formatDifference(bytes: number): string {
  if (bytes === 0) return 'the same size';
  return `${bytes > 0 ? '+' : '−'}${formatSize(Math.abs(bytes))}`;
}

/** Most entries in each list. */
const mostPackages = 50;
const mostLayers = 20;
/** Most rows of a table that is not folded. */
const mostOpen = 10;

/** Markdown about the changed packages, as a foldable table; empty if they are unknown. */
export function packageLines({ packages }: Pick<ImageChanges, 'packages'>, isOpen = false): string[] {
  if (packages === undefined) return [];
  const updated = packages.filter(({ kind }) => kind !== 'rebuilt');
  const count = (kind: PackageChange['kind']) => packages.filter(one => one.kind === kind).length;
  const rebuilt = count('rebuilt') === 0 ? '' : `, ${count('rebuilt')} rebuilt`;
  if (updated.length === 0) return [`No packages were added, removed or updated${rebuilt}.`, ''];
  const counts = (['added', 'removed', 'changed'] as const).map(kind => `${count(kind)} ${kind}`).join(', ');
  const hasSizes = updated.some(({ size, layers }) => (size ?? layers) !== undefined);
  const rows = updated
    .slice(0, mostPackages)
    .map(change => [
      span(change.name),
      change.kind,
      versions(change.before, change.kind === 'added'),
      versions(change.after, change.kind === 'removed'),
      ...(hasSizes ? [sizeText(change)] : []),
    ]);
  const lines = [
    ...table(['Package', '', 'Before', 'Now', ...(hasSizes ? ['Unpacked'] : [])], rows),
    ...moreThan(mostPackages, updated.length),
  ];
  return details(`Packages: ${counts}${rebuilt}`, lines, isOpen && rows.length <= mostOpen);
}

function sizeText({ size, layers }: PackageChange): string {
  if (size !== undefined) return formatSize(size);
  if (layers === undefined) return '';
  return `${layers.areItsOwn ? '' : 'at most '}${formatSize(layers.size)}, compressed`;
}

/** Markdown about layers as a folded table. The largest comes first, since a pull waits for it. */
export function layerLines(layers: readonly LayerSummary[], title: string): string[] {
  if (layers.length === 0) return ['No new layers.', ''];
  const largest = layers.toSorted((a, b) => b.descriptor.size - a.descriptor.size).slice(0, mostLayers);
  const rows = largest.map(layer => [span(nameLayer(layer)), formatSize(layer.descriptor.size)]);
  const total = formatSize(sizeOfLayers({ layers }));
  return details(`${title}: ${layers.length}, ${total}`, [
    ...table(['Layer', 'Size'], rows),
    ...moreThan(mostLayers, layers.length),
  ]);
}

function moreThan(most: number, length: number): string[] {
  return length > most ? ['', `and ${length - most} more`] : [];
}

function versions(list: readonly string[], isAbsent: boolean): string {
  if (isAbsent) return '';
  return list.map(version => (version === '' ? 'without version' : span(version))).join(', ');
}
