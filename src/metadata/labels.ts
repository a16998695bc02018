import { Failure } from '../lib/failure.ts';
import type { Labels } from '../oci/config.ts';

/** What `labels` asks for, over the labels of the image and of the workflow. */
export interface LabelEdits {
  readonly set: Labels;
  readonly deleted: ReadonlySet<string>;
}

/**
 * Reads `key=value` lines, split at the first `=`, the value literally; a line `!key` deletes. The last line about a key
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

/** Reads `key=value` lines for the manifest; the prefix `manifest:` of docker's notation is understood. */
export function parseAnnotations(text: string): Labels {
  const set = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [name, value] = parseAssignment(line, 'annotation', 'key=value');
    const level = /^(index|manifest-descriptor|index-descriptor|manifest\[[^\]]*\]|index\[[^\]]*\]):/.exec(name)?.[1];
    if (level !== undefined) {
      throw new Failure(
        `Cannot use the annotation "${line.trim()}": one image has a manifest only, no "${level}". Write key=value.`,
      );
    }
    set.set(name.replace(/^manifest:/, ''), value);
  }
  return Object.fromEntries(set);
}

function parseAssignment(line: string, kind: string, form: string): [key: string, value: string] {
  const equals = line.indexOf('=');
  const key = line.slice(0, Math.max(equals, 0)).trim();
  if (key === '' || key.startsWith('!') || /\s/.test(key)) {
    throw new Failure(`Cannot use the ${kind} line "${line.trim()}": write ${form}.`);
  }
  return [key, line.slice(equals + 1)];
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.trimStart().startsWith('#'));
}
