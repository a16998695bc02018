import { escapeControls } from '../lib/printable.ts';

/** The same JSON value as a text that is safe to print: without control characters and runner commands. */
export function jsonText(value: unknown): string {
  return escapeControls(JSON.stringify(value, null, 2)).replaceAll('##[', '#\\u0023[');
}
