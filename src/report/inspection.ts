import type { InspectedImage } from '../inspect/inspected-image.ts';
import { pathSizes } from '../inspect/path-sizes.ts';
import { formatSize } from '../lib/format-size.ts';
import { isObject } from '../lib/json-object.ts';
import { oneLine } from '../lib/printable.ts';
import { createdOf, labelsOf } from '../oci/config.ts';
import { hexOf } from '../oci/digest.ts';
import { columns } from './columns.ts';
import { nameLayer } from './name-layer.ts';
import { formatPackage, packagesBySize, type SizedPackage } from './packages.ts';

/** Most packages and layers that the text lists; it sums up the others. */
const mostRows = 20;

/** The facts about an image that all forms of the report show. Sizes in bytes. */
export interface Inspection {
  readonly image: InspectedImage;
  /** The largest first. */
  readonly packages: readonly SizedPackage[];
  /** Number of store paths. */
  readonly paths: number;
  /** Compressed size of all layers. */
  readonly size: number;
  /** Size of the files in all layers. */
  readonly unpacked: number;
  /** Size of the files that are not in store paths. */
  readonly other: number;
}

/** Sums up an image. */
export function inspectionOf(image: InspectedImage): Inspection {
  const sizes = pathSizes(image);
  const inStore = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const other = image.layers.reduce((sum, { otherBytes }) => sum + otherBytes, 0);
  const contents = { history: '', paths: [...sizes].map(([path, narSize]) => ({ path, narSize })) };
  return {
    image,
    packages: packagesBySize([{ contents }]),
    paths: sizes.size,
    size: image.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
    unpacked: inStore + other,
    other,
  };
}

/** The report for a terminal of `width` columns. */
export function inspectionText(inspection: Inspection, width: number | undefined): string {
  const { image } = inspection;
  const blocks = [factRows(inspection), packageRows(inspection, width), layerRows(inspection, width)];
  const referrers = image.referrers ?? [];
  if (referrers.length > 0) {
    const rows = referrers.map(({ digest, artifactType }) => ['', oneLine(artifactType ?? 'unknown type'), digest]);
    blocks.push(['referrers', ...columns(rows, { width, flexible: 1 })]);
  }
  return blocks.map(lines => lines.join('\n')).join('\n\n');
}

function factRows({ image, size, unpacked }: Inspection): string[] {
  const { name, kind, digest, platform, platforms, config, layers } = image;
  const labels = Object.entries(labelsOf(config));
  const facts: [string, string | undefined][] = [
    ['image', name],
    ['kind', kind],
    ['digest', digest],
    ['platform', platform],
    ['also for', platforms.filter(one => one !== platform).join(', ')],
    ['created', createdOf(config)],
    ['size', `${formatSize(size)} in ${layers.length} layers, ${formatSize(unpacked)} unpacked`],
    ...runFacts(config.json.config),
  ];
  const rows = facts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => [key, oneLine(value ?? '')]);
  const labelled = labels.length === 0 ? ['', 'no labels: the image does not say where it came from'] : ['', 'labels'];
  return [...columns(rows), ...labelled, ...columns(labels.map(([key, value]) => ['', oneLine(key), oneLine(value)]))];
}

/** How a container of the image starts. OCI image-spec, config.md. */
function runFacts(config: unknown): [string, string | undefined][] {
  const { Entrypoint, Cmd, User, WorkingDir, ExposedPorts } = isObject(config) ? config : {};
  const words = (value: unknown) => (Array.isArray(value) ? value.map(String).join(' ') : undefined);
  return [
    ['entrypoint', words(Entrypoint)],
    ['command', words(Cmd)],
    ['user', typeof User === 'string' ? User : undefined],
    ['directory', typeof WorkingDir === 'string' ? WorkingDir : undefined],
    ['ports', isObject(ExposedPorts) ? Object.keys(ExposedPorts).join(', ') : undefined],
  ];
}

function packageRows({ packages, paths, unpacked, other }: Inspection, width: number | undefined): string[] {
  if (packages.length === 0) return ['packages: none, because the image has no store paths of Nix'];
  const shown = packages.slice(0, mostRows);
  const rest = packages.slice(mostRows);
  const row = (name: string, size: number) => ['', name, formatSize(size), percent(size, unpacked)];
  const restSize = rest.reduce((sum, { size = 0 }) => sum + size, 0);
  return [
    `packages (${packages.length} in ${paths} store paths)`,
    ...columns(
      [
        ...shown.map(one => row(formatPackage(one), one.size ?? 0)),
        ...(rest.length === 0 ? [] : [row(`${rest.length} more`, restSize)]),
        ...(other === 0 ? [] : [row('files outside of the store', other)]),
      ],
      { width, flexible: 1 },
    ),
  ];
}

function layerRows({ image: { layers } }: Inspection, width: number | undefined): string[] {
  const rows = layers.map(layer => [
    '',
    nameLayer(layer),
    formatSize(layer.descriptor.size),
    hexOf(layer.descriptor.digest).slice(0, 12),
  ]);
  return ['layers (compressed)', ...columns(rows, { width, flexible: 1 })];
}

/** A share of the whole, padded: ` 33 %`. */
function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${Math.round((100 * part) / whole)} %`.padStart(5);
}

/** The report as a value for JSON. */
export function inspectionJson({ image, packages, size, unpacked, other }: Inspection): object {
  const { name, kind, digest, platform, platforms, config, layers, referrers } = image;
  return {
    name,
    kind,
    ...(digest === undefined ? {} : { digest }),
    platform,
    platforms,
    ...(createdOf(config) === undefined ? {} : { created: createdOf(config) }),
    size,
    unpacked,
    'other-bytes': other,
    labels: labelsOf(config),
    config: config.json.config ?? {},
    packages: packages.map(({ name: of, version, size: bytes }) => ({ name: of, version, size: bytes })),
    layers: layers.map(({ descriptor, diffId, contents, otherBytes }) => ({
      ...descriptor,
      diffId,
      'store-paths': contents.paths.map(({ path, narSize }) => ({ path, size: narSize })),
      'other-bytes': otherBytes,
    })),
    ...(referrers === undefined ? {} : { referrers }),
  };
}
