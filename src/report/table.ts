import { formatSize } from '../lib/format-size.ts';
import { escapeControls } from '../lib/printable.ts';
import { formatReference } from '../oci/reference.ts';
import { columns } from './columns.ts';
import { nameLayer } from './name-layer.ts';
import { type ImageResult, type PlatformResult, type RunResult, sizeOf } from './result.ts';

/** The result for a terminal: facts, labels and layers of each image in aligned columns. */
export function tableOf({ images }: RunResult): string {
  return images.map(imageTable).join('\n\n');
}

function imageTable({ name, root, references, platforms, pushed, uploadedBytes }: ImageResult): string {
  const [first] = platforms;
  const facts = [
    ...(name === undefined ? [] : [['name', name]]),
    ...references.map((reference, i) => [i === 0 ? 'image' : '', formatReference(reference)]),
    ['digest', root.digest],
    ...(first === undefined || platforms.length > 1 ? [] : platformFacts(first)),
    ['uploaded', pushed ? formatSize(uploadedBytes) : 'nothing (not pushed)'],
  ];
  const blocks = platforms.map(one =>
    platforms.length === 1
      ? details(one)
      : ['', ...columns([['manifest', one.manifest.digest], ...platformFacts(one)]), ...details(one)],
  );
  return [...columns(facts), ...blocks.flat()].join('\n');
}

function platformFacts({ configDigest, platform, created, layers }: PlatformResult): string[][] {
  return [
    ['image id', configDigest],
    ['platform', platform],
    ['created', created ?? 'not set'],
    ['size', `${formatSize(sizeOf({ layers }))} in ${layers.length} layers`],
  ];
}

function details({ labels, layers }: PlatformResult): string[] {
  const layerRows = layers.map(layer => [nameLayer(layer), formatSize(layer.descriptor.size), layer.state]);
  return [
    '',
    'labels',
    ...columns(
      Object.entries(labels).map(pair => [
        '',
        ...pair.map(text => escapeControls(text.replaceAll(/\r?\n|\r/g, '\\n'))),
      ]),
    ),
    '',
    'layers',
    ...columns(layerRows.map(row => ['', ...row])),
  ];
}
