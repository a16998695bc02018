import { formatDuration } from '../lib/format-duration.ts';
import { formatSize } from '../lib/format-size.ts';
import type { Metadata } from '../metadata/compute-metadata.ts';
import { annotationName } from '../metadata/labels.ts';
import { formatReference, formatRepository } from '../oci/reference.ts';
import { formatDifference, packageLines } from './change-lines.ts';
import { compareImages, sizeOfLayers } from './compare-images.ts';
import { describeReuse } from './describe-reuse.ts';
import { findingsSection } from './findings-section.ts';
import type { PreviousImage } from './image-summary.ts';
import { code, details, plain, table } from './markdown.ts';
import { buildsChart, packagesChart } from './mermaid.ts';
import { nameLayer } from './name-layer.ts';
import { packagesBySize } from './packages.ts';
import {
  type CacheResult,
  type CleanupResult,
  hasImages,
  type ImageResult,
  isVerified,
  type PlatformResult,
  type ReusedBuild,
  type RunResult,
  type StepResult,
  sizeOf,
  type VerifyResult,
} from './result.ts';
import { savingText } from './saving-text.ts';

/** Largest summary that GitHub accepts, in bytes. docs.github.com, "Job summaries". */
export const mostSummaryBytes = 1 << 20;

/**
 * The job summary in GitHub's Markdown: reference, digest, size, labels and layers of each image, or a list of
 * deletions.
 */
export function summaryOf(result: StepResult): string {
  return cutLines(wholeSummary(result));
}

function wholeSummary(result: StepResult): string {
  if (isVerified(result)) return verifySummary(result);
  if ('deleted' in result) return cleanupSummary(result);
  if (!hasImages(result)) return metadataSummary(result.metadata);
  const { images } = result;
  const isOnly = images.length === 1;
  const stages = stageLines(result);
  const summaries = images.map(image => imageSummary(image, isOnly ? stages : []));
  return [...summaries, ...(isOnly || stages.length === 0 ? [] : [['## Stages', '', ...stages].join('\n')])].join('\n');
}

/** As many lines as GitHub accepts, and a sentence about the omitted ones. */
function cutLines(text: string): string {
  if (Buffer.byteLength(text) <= mostSummaryBytes) return text;
  const lines = text.split('\n');
  const unfolded = '\n</details>\n';
  const sentence = (left: number) =>
    `\nThe other ${left} lines of this summary are left out: GitHub accepts at most 1 MiB for each step.\n`;
  let room = mostSummaryBytes - Buffer.byteLength(unfolded + sentence(lines.length));
  const count = lines.findIndex(line => {
    room -= Buffer.byteLength(line) + 1;
    return room < 0;
  });
  const kept = lines.slice(0, count);
  const isFolded = kept.findLastIndex(line => /^<details/.test(line)) > kept.lastIndexOf('</details>');
  return `${kept.join('\n')}\n${isFolded ? unfolded : ''}${sentence(lines.length - count)}`;
}

function cleanupSummary({ deleted, kept, dryRun }: CleanupResult): string {
  const description = dryRun ? 'would be deleted' : 'deleted';
  const rows = [
    ...deleted.map(name => [code(name), description]),
    ...kept.map(({ name, reason }) => [code(name), `stays: ${code(reason)}`]),
  ];
  return ['## Clean-up', '', ...table(['Name', ''], rows), ''].join('\n');
}

function verifySummary({ name, verified }: VerifyResult): string {
  return ['## Verified image', '', code(name), '', ...verified.map(line => `- ${code(line)}`), ''].join('\n');
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

/** The parts of an image's summary in order; long parts are folded. */
function imageSummary(image: ImageResult, stages: readonly string[]): string {
  const { name, platforms } = image;
  return [
    `## Container image${name === undefined ? '' : ` ${code(name)}`}`,
    '',
    ...factLines(image),
    ...commandLines(image),
    ...findingsSection(image.findings ?? []),
    ...platforms.flatMap(platform => changeSummary(platform, image.previous)),
    ...stages,
    ...platforms.flatMap(platform => platformDetails(platform, platforms.length === 1)),
  ].join('\n');
}

/** Commands to paste. No character of a valid reference has a meaning in a shell. */
function commandLines({ repositories: [repository], root, pushed }: ImageResult): string[] {
  if (!pushed || repository === undefined) return [];
  const image = `${formatRepository(repository)}@${root.digest}`;
  return ['```sh', `docker pull ${image}`, `docker run --rm ${image}`, '```', ''];
}

function factLines(image: ImageResult): string[] {
  const { references, root, platforms, pushed, uploadedBytes, layout } = image;
  const names = references.map(reference => code(formatReference(reference))).join('<br>') || 'none';
  const facts = [
    ['Digest', code(root.digest)],
    ['Pushed', pushed ? `yes, ${formatSize(uploadedBytes)} sent` : 'no'],
    ...attestationFacts(image),
    ...carriedFacts(image),
    ...(layout === undefined ? [] : [['Layout', code(layout)]]),
    ...platforms.map(one => [code(one.platform), platformText(one)]),
    ...platforms.flatMap(({ saving }) => (saving === undefined ? [] : [['Layers', savingText(saving)]])),
  ];
  return [...table(['Reference', names], facts), ''];
}

function attestationFacts({ attested = [], unattested }: ImageResult): string[][] {
  if (unattested !== undefined) return [['Attestations', `**none**, the registry refused them: ${code(unattested)}`]];
  return attested.length === 0 ? [] : [['Attestations', attested.map(code).join('<br>')]];
}

function carriedFacts({ carried }: ImageResult): string[][] {
  return [['Carried over', carried?.over ?? []] as const, ['Not carried over', carried?.left ?? []] as const].flatMap(
    ([name, lines]) => (lines.length === 0 ? [] : [[name, lines.map(code).join('<br>')]]),
  );
}

function platformText({ layers, created }: PlatformResult): string {
  const there = layers.filter(({ state }) => state === 'already there' || state === 'mounted').length;
  const size = `${formatSize(sizeOf({ layers }))} compressed in ${layers.length} layers`;
  return `${size}, ${there} of them already there; created ${created === undefined ? 'not set' : code(created)}`;
}

/** The changes since the image that the tag pointed to before. */
function changeSummary(image: PlatformResult, previous: PreviousImage | undefined): string[] {
  const before = previous?.images.find(({ platform }) => platform === image.platform);
  if (previous === undefined || before === undefined) return [];
  const changes = compareImages(before, image);
  const title = `**Since the last ${code(formatReference(previous.reference))}** (${code(image.platform)})`;
  const isSame = changes.newLayers.length === 0 && changes.size === 0;
  if (isSame) return [`${title}: the same layers.`, ''];
  const size = formatSize(sizeOfLayers({ layers: changes.newLayers }));
  return [
    `${title}: ${formatDifference(changes.size)}, new layers: ${changes.newLayers.length}, ${size} to pull.`,
    '',
    ...packageLines(changes, true),
  ];
}

/** How long the stages took and why, and the slowest builds. */
function stageLines(run: RunResult): string[] {
  const { stages = [], work } = run;
  const reused = run.reused === undefined ? [] : [reusedText(run.reused), ''];
  if (stages.length === 0) return reused;
  const texts = stages.map(({ name, milliseconds }) => {
    const reason = reasonOf(name, run);
    return `${name} ${formatDuration(milliseconds)}${reason === '' ? '' : ` (${reason})`}`;
  });
  const chart = buildsChart(work?.builds ?? []);
  return [
    ...reused,
    `**Time**: ${texts.join(', ')}.`,
    '',
    ...(chart.length === 0 ? [] : ['Slowest builds, in seconds:', '', ...chart, '']),
  ];
}

/** The work of a stage, in numbers. */
function reasonOf(stage: string, { nixVersion, work, cache, images }: RunResult): string {
  if (stage === 'Toolchain') return nixVersion === undefined ? '' : `Nix ${code(nixVersion)}`;
  if (stage === 'Cache' && cache !== undefined) return cacheText(cache);
  if (stage === 'Build' && work !== undefined) return `built ${work.built}, fetched ${work.substituted}`;
  if (stage === 'Push') return `sent ${formatSize(images.reduce((sum, { uploadedBytes }) => sum + uploadedBytes, 0))}`;
  return '';
}

function cacheText({ key, matchedKey, restoredPaths, restoredBytes }: CacheResult): string {
  if (matchedKey === undefined) return `no entry for ${code(key)}`;
  const restored = `restored ${restoredPaths}, ${formatSize(restoredBytes)}`;
  return `${restored} from ${matchedKey === key ? '' : 'the older entry '}${code(matchedKey)}`;
}

function reusedText({ time, run, by }: ReusedBuild): string {
  const page = run === undefined ? '' : `, ${code(run)}`;
  return `Reused the build of ${code(time)}${page}: ${describeReuse(by)}.`;
}

/** Packages by size, and folded labels and layers. */
function platformDetails(result: PlatformResult, isOnly: boolean): string[] {
  const { manifest, configDigest, platform, labels, layers } = result;
  const of = isOnly ? '' : ` of ${plain(platform)}`;
  const chart = packagesChart(packagesBySize(layers));
  const ids = [`Manifest ${code(manifest.digest)}, image ID ${code(configDigest)}.`, ''];
  const rows = layers.map(layer => [code(nameLayer(layer)), formatSize(layer.descriptor.size), layer.state]);
  return [
    ...(chart.length === 0 ? [] : [`Largest packages${of}, unpacked:`, '', ...chart, '']),
    ...details(`Labels${of}: ${Object.keys(labels).length}`, labelTable('Label', Object.entries(labels))),
    ...details(`Layers${of}: ${layers.length}`, [...ids, ...table(['Layer', 'Size', ''], rows)]),
  ];
}

function labelTable(head: string, entries: readonly (readonly [string, string])[]): string[] {
  return table(
    [head, 'Value'],
    entries.map(([key, value]) => [code(key), code(value)]),
  );
}
