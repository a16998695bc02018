/**
 * Characters that a terminal obeys or a reader does not see: C0 and C1 controls except newline and tab, line
 * separators, bidi controls.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the point.
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text from outside that is safe in a log or on a terminal. A control character becomes `\u001b`, a carriage return a
 * new line, and runner commands are broken up: a runner obeys `##[command]` anywhere in a line and `::command::` after
 * any white space. https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function printable(text: string): string {
  return escapeControls(text.replaceAll(/\r\n?/g, '\n'))
    .replaceAll('##[', '#\u200b#[')
    .replaceAll(/(?<![^\n])((?:(?!\n)[\p{Z}\p{C}])*):(?=:)/gu, '$1:\u200b');
}

/** Text from outside as a part of a larger text, with control characters as `\u001b`. JSON keeps its meaning. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Text from outside, such as a registry's answer, on one line of at most `limit` characters; controls become spaces.
 */
export function oneLine(text: string, limit = 400): string {
  return text
    .slice(0, limit * 2)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, limit);
}
