import { escapeControls } from '../lib/printable.ts';

/** A table in GitHub's Markdown, or a line that says that there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return ['None.'];
  return [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`);
}

/** Longest text in a code span, in characters. */
const longestCode = 500;

/**
 * Text from outside as a code span, in which Markdown, HTML, links and mentions have no effect; a long text is cut. A
 * bar stays within its table cell, since cmark-gfm removes the backslash before it, however many there are. GFM spec,
 * sections 6.3 and 4.10.
 */
export function code(text: string): string {
  if (text === '') return '';
  const cut = text.length > longestCode ? `${text.slice(0, longestCode)}…` : text;
  const shown = escapeControls(cut.replaceAll(/\s*[\r\n]\s*/g, ' ⏎ ')).replaceAll('|', '\\|');
  const longestRun = Math.max(0, ...(shown.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longestRun + 1);
  return longestRun === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}

/** Longest block, in characters; a longer one loses its middle. */
const longestBlock = 10_000;

/** Text from outside as a block of code, which no text can end. GFM spec, section 4.5. */
export function codeBlock(text: string): string[] {
  const cut =
    text.length > longestBlock ? `${text.slice(0, longestBlock / 2)}\n…\n${text.slice(-longestBlock / 2)}` : text;
  const shown = escapeControls(cut.replaceAll(/\r\n?/g, '\n'));
  const longestRun = Math.max(2, ...(shown.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longestRun + 1);
  return [`${fence}text`, shown, fence];
}

/** Lines that a reader can fold and unfold. GitHub reads `title` as HTML. */
export function details(title: string, lines: readonly string[], isOpen = false): string[] {
  return [isOpen ? '<details open>' : '<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

/** Longest name, in characters. */
const longestName = 150;

/** Text from outside, without the characters that Markdown, HTML, mentions and our own markers use. */
export function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._+:/@=?-]/g, '?').slice(0, longestName);
}

/** Text of several words as a code span, with the same restrictions on characters. */
export function span(text: string): string {
  return code(
    text
      .split(/(, |[ ])/)
      .map(part => (/^,? $/.test(part) ? part : plain(part)))
      .join('')
      .slice(0, longestName),
  );
}
