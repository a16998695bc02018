import { formatReference } from '../oci/reference.ts';
import { formatSize } from './format-size.ts';
import { type CacheResult, type RunResult, sizeOf } from './result.ts';

/** The job summary in GitHub's Markdown: image, digest, size, labels and layers. */
export function summaryOf(result: RunResult): string {
  const { manifest, configDigest, references, layers, labels, pushed } = result;
  const facts = [
    ['Reference', references.map(reference => code(formatReference(reference))).join('<br>') || 'none'],
    ['Pushed', pushed ? `yes, ${formatSize(result.uploadedBytes)} sent` : 'no'],
    ['Digest', code(manifest.digest)],
    ['Image ID', code(configDigest)],
    ['Platform', code(result.platform)],
    ['Created', result.created === undefined ? 'not set' : code(result.created)],
    ['Size', `${formatSize(sizeOf(result))} compressed`],
    ...(result.cache === undefined ? [] : [['Store cache', cacheText(result.cache)]]),
  ];
  return [
    '## Container image',
    '',
    ...table(['', ''], facts),
    '',
    '### Labels',
    '',
    ...table(
      ['Label', 'Value'],
      Object.entries(labels).map(([key, value]) => [code(key), code(value)]),
    ),
    '',
    `### Layers (${layers.length})`,
    '',
    ...table(
      ['Layer', 'Size', ''],
      layers.map(({ descriptor, state }) => [code(descriptor.digest), formatSize(descriptor.size), state]),
    ),
    '',
  ].join('\n');
}

function cacheText({ key, matchedKey, restoredPaths, restoredBytes }: CacheResult): string {
  if (matchedKey === undefined) return `no entry for ${code(key)}`;
  const what = matchedKey === key ? 'hit' : 'an older entry';
  return `${what}, ${restoredPaths} store paths restored (${formatSize(restoredBytes)}): ${code(matchedKey)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return ['None.'];
  return [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`);
}

/** Text from outside as a code span, in which no Markdown and no HTML counts. GFM spec, sections 6.3 and 4.10. */
function code(text: string): string {
  if (text === '') return '';
  const shown = text.replaceAll(/\s*[\r\n]\s*/g, ' ⏎ ').replaceAll('|', '\\|');
  const longestRun = Math.max(0, ...(shown.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longestRun + 1);
  return longestRun === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
