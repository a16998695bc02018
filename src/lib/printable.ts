/** What a terminal obeys or a reader does not see: C0 and C1 controls but newline and tab, line separators, bidi controls. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the point.
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text from outside as a log or a terminal may show it. A control character becomes `\u001b`, a carriage return a new
 * line, and no line holds a command to a runner: these obey `##[command]` wherever it stands and `::command::` behind any
 * white space. https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function printable(text: string): string {
  return escapeControls(text.replaceAll(/\r\n?/g, '\n'))
    .replaceAll('##[', '#\u200b#[')
    .replaceAll(/(?<![^\n])((?:(?!\n)[\p{Z}\p{C}])*):(?=:)/gu, '$1:\u200b');
}

/** Text from outside in one place of a larger one, with control characters as `\u001b`. JSON means the same as before. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Text from outside, such as a registry's answer, on one line of at most `limit` characters; controls become spaces. */
export function oneLine(text: string, limit = 400): string {
  return text
    .slice(0, limit * 2)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, limit);
}
