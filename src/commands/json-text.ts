import { escapeControls } from '../lib/printable.ts';

/** JSON that is safe to print and means the same: without control characters and runner commands. */
export function jsonText(value: unknown): string {
  return escapeControls(JSON.stringify(value, null, 2)).replaceAll('##[', '#\\u0023[');
}
