/**
 * Rows of cells in aligned columns, as lines without trailing blanks. With `width`, long cells of the column `flexible`
 * are cut, so that no line has more characters than `width`.
 */
export function columns(
  rows: readonly (readonly string[])[],
  { width, flexible = 0 }: { readonly width?: number | undefined; readonly flexible?: number } = {},
): string[] {
  const count = Math.max(0, ...rows.map(row => row.length));
  const widths = Array.from({ length: count }, (_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  const excess = widths.reduce((sum, each) => sum + each + 2, -2) - (width ?? Number.POSITIVE_INFINITY);
  if (excess > 0) widths[flexible] = Math.max(shortest, (widths[flexible] ?? 0) - excess);
  return rows.map(row =>
    row
      .map((cell, column) =>
        cut(cell, column === flexible ? (widths[column] ?? 0) : cell.length).padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** Fewest characters that a cut cell keeps. */
const shortest = 12;

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
