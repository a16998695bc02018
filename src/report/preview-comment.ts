import { rules } from '../check/rules.ts';
import { formatDuration } from '../lib/format-duration.ts';
import { formatSize } from '../lib/format-size.ts';
import type { Digest } from '../oci/digest.ts';
import { formatReference, formatRepository, type Reference, type Repository } from '../oci/reference.ts';
import { formatDifference, layerLines, packageLines } from './change-lines.ts';
import { compareImages, sizeOfLayers } from './compare-images.ts';
import type { ImageSummary, PreviousImage } from './image-summary.ts';
import { plain, span } from './markdown.ts';
import { formatPackage, packagesBySize } from './packages.ts';
import type { BuildWork, CacheResult, ImageResult, RunResult } from './result.ts';

/** An image that was pushed for a pull request, and the image of the base branch. */
export interface Preview {
  readonly repository: Repository;
  /** Its name in `installable`, if the step has several images. */
  readonly name?: string | undefined;
  readonly references: readonly Reference[];
  readonly digest: Digest;
  /** One for each platform. */
  readonly images: readonly ImageSummary[];
  /** The image of the base branch. */
  readonly base?: PreviousImage | undefined;
  /** Commit that it was built from, with `-dirty` if tracked files differed from it. */
  readonly revision?: string | undefined;
  /** Work of the build; undefined if nothing was built. */
  readonly work?: BuildWork | undefined;
  readonly cache?: CacheResult | undefined;
  /** How long each stage took. */
  readonly stages?: RunResult['stages'];
  /** What the check found. */
  readonly findings?: ImageResult['findings'];
  /** Page of the run. */
  readonly runUrl?: string | undefined;
}

/** Invisible first line of this action's comments. */
export const commentMarker = '<!-- nix-image-action -->';

/** Longest comment that GitHub accepts, in characters. */
export const mostCommentCharacters = 65_536;

/** The part of a comment that belongs to one image. */
export interface CommentSection {
  readonly key: string;
  readonly text: string;
}

/** The comment's section for one image: only numbers and names with restricted characters, never free text. */
export function renderSection(preview: Preview): CommentSection {
  const { repository, name, references, digest, images, base, revision, runUrl } = preview;
  const image = `${formatRepository(repository)}@${digest}`;
  const key = name === undefined ? formatRepository(repository) : `${formatRepository(repository)} ${plain(name)}`;
  const built = revision === undefined ? [] : [`Built from ${shortRevision(plain(revision))}.`];
  const tags =
    references.length === 0 ? [] : [`Tags: ${references.map(one => span(formatReference(one))).join(', ')}.`];
  const link = runUrl === undefined ? [] : [`[Run](${encodeURI(runUrl)})`];
  const lines = [
    `### Container image ${span(name ?? repository.path)}`,
    '',
    '```sh',
    `docker pull ${image}`,
    `docker run --rm ${image}`,
    '```',
    '',
    ...findingLines(preview),
    ...images.flatMap(one => platformLines(one, base)),
    [...tags, ...built, ...workTexts(preview), ...timeTexts(preview), ...link].join(' '),
  ];
  return { key, text: lines.join('\n') };
}

/**
 * The comment with this section in place of its previous version; sections have keys. `body` is empty for a new
 * comment. If the result is too long for GitHub, sections lose their lists, this one first and then the longest; after
 * that whole sections are removed.
 */
export function withSection(body: string, { key, text }: CommentSection): string {
  const sections = new Map(sectionsOf(body)).set(key, text);
  const others = [...sections.keys()].filter(name => name !== key);
  const lengthOf = (name: string) => sections.get(name)?.length ?? 0;
  for (const name of [key, ...others.sort((a, b) => lengthOf(b) - lengthOf(a))]) {
    if (bodyOf(sections).length <= mostCommentCharacters) break;
    sections.set(name, withoutLists(sections.get(name) ?? ''));
  }
  let left = 0;
  for (const name of others) {
    if (bodyOf(sections, left).length <= mostCommentCharacters) break;
    sections.delete(name);
    left++;
  }
  return bodyOf(sections, left);
}

function bodyOf(sections: ReadonlyMap<string, string>, left = 0): string {
  const sorted = [...sections].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    commentMarker,
    ...sorted.map(([name, section]) => `${begin(name)}\n${section}\n${end(name)}`),
    ...(left === 0 ? [] : [`${left} more images are left out: ${commentLimit}`]),
  ].join('\n\n');
}

const commentLimit = 'GitHub accepts comments of at most 65,536 characters.';

function withoutLists(section: string): string {
  const short = section.replaceAll(/^<details>\n[\s\S]*?^<\/details>\n\n?/gm, '');
  return short === section ? section : `${short}\n\nPackages and layers are left out: ${commentLimit}`;
}

/** The texts of a comment's sections by key. */
export function sectionsOf(body: string): ReadonlyMap<string, string> {
  const pattern = /^<!-- nix-image-action begin (.+) -->\n([\s\S]*?)\n<!-- nix-image-action end \1 -->$/gm;
  return new Map(
    [...body.replaceAll('\r\n', '\n').matchAll(pattern)].map(([, key = '', text = '']) => [key, text] as const),
  );
}

const begin = (key: string) => `<!-- nix-image-action begin ${key} -->`;
const end = (key: string) => `<!-- nix-image-action end ${key} -->`;

function workTexts({ work, cache }: Preview): string[] {
  if (work === undefined) return [];
  const restored = cache === undefined ? '' : `, ${cache.restoredPaths} restored from the store cache`;
  return [`Store paths: ${work.built} built, ${work.substituted} fetched${restored}.`];
}

function timeTexts({ stages = [] }: Preview): string[] {
  const times = stages.map(({ name, milliseconds }) => `${name} ${formatDuration(milliseconds)}`);
  return times.length === 0 ? [] : [`Time: ${times.join(', ')}.`];
}

/**
 * The broken rules, each with its reason; the summary of the run has the files and names, which come from the image.
 */
function findingLines({ findings = [] }: Preview): string[] {
  const broken = [...new Set(findings.map(({ rule }) => rule))];
  if (broken.length === 0) return [];
  return [
    `**Check**: the image breaks ${broken.length === 1 ? 'a rule' : `${broken.length} rules`}.`,
    '',
    ...broken.map(rule => `- ${span(rule)}: ${rules[rule].reason}`),
    '',
  ];
}

/** Most packages that a comment lists by size. */
const mostNames = 5;

function largestLines({ layers }: ImageSummary): string[] {
  const largest = packagesBySize(layers).slice(0, mostNames);
  const names = largest.flatMap(one =>
    one.size === undefined ? [] : [`${span(formatPackage(one))} ${formatSize(one.size)}`],
  );
  return names.length === 0 ? [] : [`Largest packages, unpacked: ${names.join(', ')}.`, ''];
}

function platformLines(image: ImageSummary, base: Preview['base']): string[] {
  const size = formatSize(sizeOfLayers(image));
  const title = `**${span(image.platform)}**: ${size} in ${image.layers.length} layers`;
  const before = base?.images.find(one => one.platform === image.platform);
  if (base === undefined || before === undefined) {
    return [
      `${title}. The base branch has no image to compare with.`,
      '',
      ...largestLines(image),
      ...layerLines(image.layers, 'Layers'),
    ];
  }
  const changes = compareImages(before, image);
  return [
    `${title}, ${formatDifference(changes.size)} against ${span(formatReference(base.reference))}.`,
    '',
    ...largestLines(image),
    ...packageLines(changes),
    ...layerLines(changes.newLayers, 'New layers'),
  ];
}

/** The first 12 characters of a commit; `-dirty` at its end, for uncommitted changes, stays. */
function shortRevision(revision: string): string {
  return `${revision.slice(0, 12)}${revision.endsWith('-dirty') ? '-dirty' : ''}`;
}
