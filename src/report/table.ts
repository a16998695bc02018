import { formatReference } from '../oci/reference.ts';
import { formatSize } from './format-size.ts';
import { type RunResult, sizeOf } from './result.ts';

/** The result for a terminal: facts, labels and layers as aligned columns. */
export function tableOf(result: RunResult): string {
  const { manifest, configDigest, references, layers, labels } = result;
  const facts = [
    ...references.map((reference, i) => [i === 0 ? 'image' : '', formatReference(reference)]),
    ['digest', manifest.digest],
    ['image id', configDigest],
    ['platform', result.platform],
    ['created', result.created ?? 'not set'],
    ['size', `${formatSize(sizeOf(result))} in ${layers.length} layers`],
    ['uploaded', result.pushed ? formatSize(result.uploadedBytes) : 'nothing: not pushed'],
  ];
  const layerRows = layers.map(({ descriptor, state }) => [descriptor.digest, formatSize(descriptor.size), state]);
  return [
    ...columns(facts),
    '',
    'labels',
    ...columns(Object.entries(labels).map(([key, value]) => ['', key, JSON.stringify(value).slice(1, -1)])),
    '',
    'layers',
    ...columns(layerRows.map(row => ['', ...row])),
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
