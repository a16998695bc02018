import type { Measured } from './measure.ts';

/** A Markdown table; the first column is text, the others are numbers. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((text, i) => Math.max(text.length, ...rows.map(row => row[i]?.length ?? 0), 3));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(heading), line(rule), ...rows.map(line)].join('\n');
}

/** Bytes as megabytes (10^6), with a decimal where that says something. */
export function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value.toFixed(value < 10 ? 2 : 0);
}

/** Peak memory and processor time. */
export function cells({ memory, processor }: Measured): readonly string[] {
  return [megabytes(memory), processor.toFixed(1)];
}
