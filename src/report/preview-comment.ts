import { formatSize } from '../lib/format-size.ts';
import type { Digest } from '../oci/digest.ts';
import { formatReference, formatRepository, type Reference, type Repository } from '../oci/reference.ts';
import { compareImages, type ImageChanges, type PackageChange, sizeOfLayers } from './compare-images.ts';
import type { ImageSummary, LayerSummary } from './image-summary.ts';
import { code, table } from './markdown.ts';
import { nameLayer } from './name-layer.ts';

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
  readonly base?: { readonly reference: Reference; readonly images: readonly ImageSummary[] } | undefined;
  /** Commit that it was built from, with `-dirty` if tracked files differed from it. */
  readonly revision?: string | undefined;
  /** Page of the run. */
  readonly runUrl?: string | undefined;
}

/** Invisible first line of this action's comments. */
export const commentMarker = '<!-- nix-image-action -->';

/** Longest comment that GitHub accepts, in characters. */
export const mostCommentCharacters = 65_536;

/** Most entries of each list, which keep the comment of one image far below that limit. */
const mostPackages = 50;
const mostLayers = 20;

/** The part of a comment that belongs to one image. */
export interface CommentSection {
  readonly key: string;
  readonly text: string;
}

/** The comment's section for one image. It contains only numbers and names of restricted characters, never free text. */
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
    ...images.flatMap(one => platformLines(one, base)),
    [...tags, ...built, ...link].join(' '),
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

function platformLines(image: ImageSummary, base: Preview['base']): string[] {
  const size = formatSize(sizeOfLayers(image));
  const title = `**${span(image.platform)}**: ${size} in ${image.layers.length} layers`;
  const before = base?.images.find(one => one.platform === image.platform);
  if (base === undefined || before === undefined) {
    return [`${title}. The base branch has no image to compare with.`, '', ...layerLines(image.layers, 'Layers')];
  }
  const changes = compareImages(before, image);
  return [
    `${title}, ${signedSize(changes.size)} against ${span(formatReference(base.reference))}.`,
    '',
    ...packageLines(changes),
    ...layerLines(changes.newLayers, 'New layers'),
  ];
}

function packageLines({ packages }: ImageChanges): string[] {
  if (packages === undefined) return [];
  const updated = packages.filter(({ kind }) => kind !== 'rebuilt');
  if (updated.length === 0) return ['No packages were added, removed or updated.', ''];
  const count = (kind: PackageChange['kind']) => packages.filter(one => one.kind === kind).length;
  const counts = (['added', 'removed', 'changed', 'rebuilt'] as const).map(kind => `${count(kind)} ${kind}`);
  const rows = updated.slice(0, mostPackages).map(({ name, kind, before, after }) => {
    return [span(name), kind, versions(before, kind === 'added'), versions(after, kind === 'removed')];
  });
  return details(`Packages: ${counts.join(', ')}`, [
    ...table(['Package', '', 'Before', 'Now'], rows),
    ...moreThan(mostPackages, updated.length),
  ]);
}

/** The largest first, since a pull waits for these. */
function layerLines(layers: readonly LayerSummary[], description: string): string[] {
  if (layers.length === 0) return ['No new layers.', ''];
  const largest = layers.toSorted((a, b) => b.descriptor.size - a.descriptor.size).slice(0, mostLayers);
  const rows = largest.map(layer => [span(nameLayer(layer)), formatSize(layer.descriptor.size)]);
  const total = formatSize(sizeOfLayers({ layers }));
  return details(`${description}: ${layers.length}, ${total}`, [
    ...table(['Layer', 'Size'], rows),
    ...moreThan(mostLayers, layers.length),
  ]);
}

function details(summary: string, lines: readonly string[]): string[] {
  return ['<details>', `<summary>${summary}</summary>`, '', ...lines, '', '</details>', ''];
}

function moreThan(most: number, length: number): string[] {
  return length > most ? ['', `and ${length - most} more`] : [];
}

function versions(list: readonly string[], isAbsent: boolean): string {
  if (isAbsent) return '';
  return list.map(version => (version === '' ? 'without version' : span(version))).join(', ');
}

function signedSize(bytes: number): string {
  if (bytes === 0) return 'the same';
  return `${bytes > 0 ? '+' : '−'}${formatSize(Math.abs(bytes))}`;
}

const longestText = 150;

/** Text from outside, without any character that Markdown, HTML, a mention or our own markers need. */
function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._+:/@=?-]/g, '?').slice(0, longestText);
}

/** The first 12 characters of a commit; `-dirty` at its end, for uncommitted changes, stays. */
function shortRevision(revision: string): string {
  return `${revision.slice(0, 12)}${revision.endsWith('-dirty') ? '-dirty' : ''}`;
}

/** The same as code, with several words. */
function span(text: string): string {
  return code(
    text
      .split(/(, |[ ])/)
      .map(part => (/^,? $/.test(part) ? part : plain(part)))
      .join('')
      .slice(0, longestText),
  );
}
