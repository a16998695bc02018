import { formatSize } from '../lib/format-size.ts';
import type { Metadata } from '../metadata/compute-metadata.ts';
import { annotationName } from '../metadata/labels.ts';
import { formatReference } from '../oci/reference.ts';
import { describeReuse } from './describe-reuse.ts';
import { findingsSection } from './findings-section.ts';
import { code, table } from './markdown.ts';
import { nameLayer } from './name-layer.ts';
import {
  type BuildWork,
  type CacheResult,
  type CleanupResult,
  hasImages,
  type ImageResult,
  type MetadataResult,
  type PlatformResult,
  type ReusedBuild,
  type RunResult,
  sizeOf,
} from './result.ts';
import { savingText } from './saving-text.ts';

/** Most bytes of a step's summary; GitHub shows nothing of a larger one. docs.github.com, "Job summaries". */
export const mostSummaryBytes = 1 << 20;

/**
 * The job summary in GitHub's Markdown: reference, digest, size, labels and layers of each image, or a list of
 * deletions.
 */
export function summaryOf(result: MetadataResult | CleanupResult | RunResult): string {
  return cutLines(wholeSummary(result));
}

function wholeSummary(result: MetadataResult | CleanupResult | RunResult): string {
  if ('deleted' in result) return cleanupSummary(result);
  if (!hasImages(result)) return metadataSummary(result.metadata);
  return result.images.map(image => imageSummary(image, result)).join('\n');
}

/** As many lines as GitHub accepts, and a sentence about the others. */
function cutLines(text: string): string {
  if (Buffer.byteLength(text) <= mostSummaryBytes) return text;
  const lines = text.split('\n');
  const sentence = (left: number) =>
    `\nThe other ${left} lines of this summary are left out: GitHub accepts at most 1 MiB for each step.\n`;
  let room = mostSummaryBytes - Buffer.byteLength(sentence(lines.length));
  const kept = lines.findIndex(line => {
    room -= Buffer.byteLength(line) + 1;
    return room < 0;
  });
  return `${lines.slice(0, kept).join('\n')}\n${sentence(lines.length - kept)}`;
}

function cleanupSummary({ deleted, kept, dryRun }: CleanupResult): string {
  const description = dryRun ? 'would be deleted' : 'deleted';
  const rows = [
    ...deleted.map(name => [code(name), description]),
    ...kept.map(({ name, reason }) => [code(name), `stays: ${code(reason)}`]),
  ];
  return ['## Clean-up', '', ...table(['Name', ''], rows), ''].join('\n');
}

function metadataSummary({ version, tagNames, references, labels, annotations }: Metadata): string {
  const tags = references.length > 0 ? references.map(formatReference) : tagNames;
  return [
    '## Image metadata',
    '',
    ...table(
      ['', ''],
      [
        ['Version', version === undefined ? 'none' : code(version)],
        ['Tags', tags.map(code).join('<br>') || 'none'],
      ],
    ),
    '',
    '### Labels',
    '',
    ...labelTable('Label', Object.entries(labels)),
    '',
    '### Further annotations',
    '',
    ...labelTable(
      'Annotation',
      annotations.map(item => [annotationName(item), item.value]),
    ),
    '',
  ].join('\n');
}

function imageSummary(image: ImageResult, { work, cache, reused }: RunResult): string {
  const { name, root, references, platforms, pushed } = image;
  const facts = [
    ['Reference', references.map(reference => code(formatReference(reference))).join('<br>') || 'none'],
    ['Pushed', pushed ? `yes, ${formatSize(image.uploadedBytes)} sent` : 'no'],
    ['Digest', code(root.digest)],
    ...(image.layout === undefined ? [] : [['Layout', code(image.layout)]]),
    ...(work === undefined ? [] : [['Store', storeText(work, cache)]]),
    ...(reused === undefined ? [] : [['Build', reusedText(reused)]]),
  ];
  return [
    `## Container image${name === undefined ? '' : ` ${code(name)}`}`,
    '',
    ...table(['', ''], platforms.length === 1 ? [...facts, ...platforms.flatMap(platformFacts)] : facts),
    '',
    ...findingsSection(image.findings ?? []),
    ...platforms.flatMap(one => platformSummary(one, platforms.length === 1)),
  ].join('\n');
}

function platformFacts({ configDigest, platform, created, layers, saving }: PlatformResult): string[][] {
  return [
    ['Image ID', code(configDigest)],
    ['Platform', code(platform)],
    ['Created', created === undefined ? 'not set' : code(created)],
    ['Size', `${formatSize(sizeOf({ layers }))} compressed`],
    ...(saving === undefined ? [] : [['Layers', savingText(saving)]]),
  ];
}

function platformSummary(result: PlatformResult, isOnly: boolean): string[] {
  const { manifest, platform, labels, layers } = result;
  const own = [
    '### Platform '.concat(code(platform)),
    '',
    ...table(['', ''], [['Digest', code(manifest.digest)], ...platformFacts(result)]),
    '',
  ];
  const level = isOnly ? '###' : '####';
  return [
    ...(isOnly ? [] : own),
    `${level} Labels`,
    '',
    ...labelTable('Label', Object.entries(labels)),
    '',
    `${level} Layers (${layers.length})`,
    '',
    ...table(
      ['Layer', 'Size', ''],
      layers.map(layer => [code(nameLayer(layer)), formatSize(layer.descriptor.size), layer.state]),
    ),
    '',
  ];
}

function reusedText({ time, run, by }: ReusedBuild): string {
  const page = run === undefined ? '' : `, ${code(run)}`;
  return `reused from ${code(time)}${page}: ${describeReuse(by)}`;
}

function storeText({ built, substituted }: BuildWork, cache: CacheResult | undefined): string {
  const restored =
    cache === undefined ? [] : [`${cache.restoredPaths} store paths restored (${formatSize(cache.restoredBytes)})`];
  const counts = [...restored, `${substituted} from binary caches`, `${built} built`].join(', ');
  return cache === undefined ? counts : `${counts}; ${cacheText(cache)}`;
}

function cacheText({ key, matchedKey }: CacheResult): string {
  if (matchedKey === undefined) return `no entry for ${code(key)}`;
  return `${matchedKey === key ? 'hit' : 'an older entry'}: ${code(matchedKey)}`;
}

function labelTable(head: string, entries: readonly (readonly [string, string])[]): string[] {
  return table(
    [head, 'Value'],
    entries.map(([key, value]) => [code(key), code(value)]),
  );
}
