import { escapeControls } from '../lib/printable.ts';

/** A table in GitHub's Markdown, or a line saying that there are no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return ['None.'];
  return [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`);
}

/** Characters of one text. */
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

/** Characters of a block; a longer one loses its middle. */
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

/** Lines that a reader unfolds, or folds. GitHub reads `title` as HTML. */
export function details(title: string, lines: readonly string[], isOpen = false): string[] {
  return [isOpen ? '<details open>' : '<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

/** Characters of a name. */
const longestName = 150;

/** Text from outside without any character that Markdown, HTML, a mention or our own markers consist of. */
export function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._+:/@=?-]/g, '?').slice(0, longestName);
}

/** The same as code, with several words. */
export function span(text: string): string {
  return code(
    text
      .split(/(, |[ ])/)
      .map(part => (/^,? $/.test(part) ? part : plain(part)))
      .join('')
      .slice(0, longestName),
  );
}
