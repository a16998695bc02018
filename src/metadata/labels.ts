import { Failure } from '../lib/failure.ts';
import type { Labels } from '../oci/config.ts';
import { isSamePlatform } from '../oci/platform.ts';

/** The edits in `labels`, applied over the labels of the image and of the workflow. */
export interface LabelEdits {
  readonly set: Labels;
  readonly deleted: ReadonlySet<string>;
}

/**
 * Reads `key=value` lines, split at the first `=`, with literal values; a line `!key` deletes. The last line for a key
 * wins. Empty lines and lines that begin with `#` are skipped.
 */
export function parseLabels(text: string): LabelEdits {
  const set = new Map<string, string>();
  const deleted = new Set<string>();
  for (const line of linesOf(text)) {
    const deletion = /^\s*!\s*([^=\s]+)\s*$/.exec(line)?.[1];
    if (deletion !== undefined) {
      set.delete(deletion);
      deleted.add(deletion);
      continue;
    }
    const [key, value] = parseAssignment(line, 'label', 'key=value, or !key to delete a label');
    deleted.delete(key);
    set.set(key, value);
  }
  return { set: Object.fromEntries(set), deleted };
}

/** A line of `annotations`. buildkit, docs/annotations.md. */
export interface Annotation {
  /** Undefined if the line has no prefix. */
  readonly level?: 'manifest' | 'index';
  /** `linux/amd64`: only for the manifest of that platform. */
  readonly platform?: string;
  readonly key: string;
  readonly value: string;
}

/** An annotation with a known level. */
export interface PlacedAnnotation extends Annotation {
  readonly level: 'manifest' | 'index';
}

const levelPattern =
  /^((?:manifest|index)(?:-descriptor)?(?:\[[^\]]*\])?(?:,(?:manifest|index)(?:-descriptor)?(?:\[[^\]]*\])?)*):/;
const annotationForm = 'key=value, optionally prefixed with manifest:, manifest[OS/ARCHITECTURE]: or index:';

/** Reads `key=value` lines with docker's prefixes: `manifest:`, `manifest[linux/amd64]:`, `index:`, or none. */
export function parseAnnotations(text: string): Annotation[] {
  return linesOf(text).flatMap(line => {
    const [name, value] = parseAssignment(line, 'annotation', annotationForm);
    const levels = levelPattern.exec(name)?.[1];
    const key = levels === undefined ? name : name.slice(levels.length + 1);
    if (key === '') throw new Failure(`Cannot use the annotation line "${line.trim()}": write ${annotationForm}.`);
    if (levels === undefined) return [{ key, value }];
    return levels.split(',').map(level => ({ ...parseLevel(level, line.trim()), key, value }));
  });
}

function parseLevel(text: string, line: string): Pick<PlacedAnnotation, 'level' | 'platform'> {
  if (text === 'manifest' || text === 'index') return { level: text };
  const platform = /^manifest\[([^\]]+)\]$/.exec(text)?.[1];
  if (platform !== undefined) return { level: 'manifest', platform };
  throw new Failure(`Cannot use the annotation "${line}": "${text}" is not a valid prefix. Write ${annotationForm}.`);
}

/** The annotations, each without a prefix placed at every one of `levels`. */
export function placeAnnotations(
  annotations: readonly Annotation[],
  levels: readonly PlacedAnnotation['level'][],
): PlacedAnnotation[] {
  return annotations.flatMap(({ level, ...rest }) =>
    (level === undefined ? levels : [level]).map(of => ({ level: of, ...rest })),
  );
}

/** The start of an `annotations` line: `manifest[linux/amd64]:KEY`. */
export function annotationName({ level, platform, key }: PlacedAnnotation): string {
  return `${level}${platform === undefined ? '' : `[${platform}]`}:${key}`;
}

/** The annotations of one level, including those for this platform. The last one for a key wins. */
export function annotationsOf(
  annotations: readonly PlacedAnnotation[],
  level: PlacedAnnotation['level'],
  platform: string | undefined,
): Labels {
  const meant = annotations.filter(
    item =>
      item.level === level &&
      (item.platform === undefined || (platform !== undefined && isSamePlatform(item.platform, platform))),
  );
  return Object.fromEntries(meant.map(({ key, value }) => [key, value]));
}

/** Labels or annotations without some keys. */
export function withoutKeys(labels: Labels, keys: ReadonlySet<string>): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.has(key)));
}

function parseAssignment(line: string, kind: string, form: string): [key: string, value: string] {
  const equals = line.indexOf('=');
  const key = line.slice(0, Math.max(equals, 0)).trim();
  if (key === '' || /^[!"]|\s/.test(key)) {
    throw new Failure(`Cannot use the ${kind} line "${line.trim()}": write ${form}.`);
  }
  return [key, line.slice(equals + 1)];
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.trimStart().startsWith('#'));
}
