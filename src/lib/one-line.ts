/**
 * Text of a stranger, such as a registry's words, on one line of at most `limit` characters: line breaks, control and
 * invisible characters, which a terminal or the runner could obey, become spaces.
 */
export function oneLine(text: string, limit = 400): string {
  return text
    .slice(0, limit * 2)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, limit);
}
