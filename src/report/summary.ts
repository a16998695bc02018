import { formatReference } from '../oci/reference.ts';
import { formatSize } from './format-size.ts';
import { type CacheResult, type ImageResult, type RunResult, sizeOf, type VariantResult } from './result.ts';

/** The job summary in GitHub's Markdown: of each image reference, digest, size, labels and layers. */
export function summaryOf(result: RunResult): string {
  return result.images.map(image => imageSummary(image, result)).join('\n');
}

function imageSummary(image: ImageResult, { cache }: RunResult): string {
  const { name, root, references, variants, pushed } = image;
  const facts = [
    ['Reference', references.map(reference => code(formatReference(reference))).join('<br>') || 'none'],
    ['Pushed', pushed ? `yes, ${formatSize(image.uploadedBytes)} sent` : 'no'],
    ['Digest', code(root.digest)],
    ...(cache === undefined ? [] : [['Store cache', cacheText(cache)]]),
  ];
  return [
    `## Container image${name === undefined ? '' : ` ${code(name)}`}`,
    '',
    ...table(['', ''], variants.length === 1 ? [...facts, ...variants.flatMap(variantFacts)] : facts),
    '',
    ...variants.flatMap(variant => variantSummary(variant, variants.length === 1)),
  ].join('\n');
}

function variantFacts({ configDigest, platform, created, layers }: VariantResult): string[][] {
  return [
    ['Image ID', code(configDigest)],
    ['Platform', code(platform)],
    ['Created', created === undefined ? 'not set' : code(created)],
    ['Size', `${formatSize(sizeOf({ layers }))} compressed`],
  ];
}

function variantSummary(variant: VariantResult, isOnly: boolean): string[] {
  const { manifest, platform, labels, layers } = variant;
  const own = [
    '### Platform '.concat(code(platform)),
    '',
    ...table(['', ''], [['Digest', code(manifest.digest)], ...variantFacts(variant)]),
    '',
  ];
  const level = isOnly ? '###' : '####';
  return [
    ...(isOnly ? [] : own),
    `${level} Labels`,
    '',
    ...table(
      ['Label', 'Value'],
      Object.entries(labels).map(([key, value]) => [code(key), code(value)]),
    ),
    '',
    `${level} Layers (${layers.length})`,
    '',
    ...table(
      ['Layer', 'Size', ''],
      layers.map(({ descriptor, state }) => [code(descriptor.digest), formatSize(descriptor.size), state]),
    ),
    '',
  ];
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
