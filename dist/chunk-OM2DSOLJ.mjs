// src/report/columns.ts
function columns(rows, { width, flexible = 0 } = {}) {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const excess = widths.reduce((sum, each) => sum + each + 2, -2) - (width ?? Number.POSITIVE_INFINITY);
  if (excess > 0) widths[flexible] = Math.max(shortest, (widths[flexible] ?? 0) - excess);
  return rows.map(
    (row) => row.map(
      (cell, column) => cut(cell, column === flexible ? widths[column] ?? 0 : cell.length).padEnd(widths[column] ?? 0)
    ).join("  ").trimEnd()
  );
}
var shortest = 12;
function cut(text, length) {
  return text.length <= length ? text : `${text.slice(0, length - 1)}\u2026`;
}

export {
  columns
};
