import { formatDuration } from '../lib/format-duration.ts';
import { formatSize } from '../lib/format-size.ts';
import { formatPackage, type SizedPackage } from './packages.ts';
import type { BuildWork } from './result.ts';

/** Most bars of the chart of packages, and of the chart of builds. */
const mostParts = 8;
const mostBars = 10;
/** Height of a bar, in pixels. */
const barHeight = 28;
/** A color that is visible on white and on black. */
const themeVariables = { xyChart: { plotColorPalette: '#4a7fd4' } };

/** There is no chart if the slowest build took less. Milliseconds. */
const leastBuild = 1000;

/** The sizes of packages as a chart for GitHub, with one bar for all small ones; empty if too few sizes are known. */
export function packagesChart(packages: readonly SizedPackage[]): string[] {
  const sized = packages.flatMap(one => (one.size === undefined ? [] : [{ name: formatPackage(one), size: one.size }]));
  const [largest, others] = [sized.slice(0, mostParts), sized.slice(mostParts)];
  const rest = others.reduce((sum, { size }) => sum + size, 0);
  const bars = [...largest, ...(rest === 0 ? [] : [{ name: `${others.length} others`, size: rest }])];
  if (bars.length < 2 || megabytes(bars[0]?.size ?? 0) === 0) return [];
  const sizes = bars.map(({ size }) => megabytes(size));
  const names = bars.map(({ name, size }) => `"${word(name)}, ${formatSize(size)}"`);
  return mermaid([
    `%%{init: ${JSON.stringify({ xyChart: { width: 800, height: (bars.length + 2) * barHeight }, themeVariables })}}%%`,
    'xychart-beta horizontal',
    `  x-axis [${names.join(', ')}]`,
    `  y-axis "MB" 0 --> ${Math.max(...sizes)}`,
    `  bar [${sizes.join(', ')}]`,
  ]);
}

/**
 * When the slowest builds ran as a chart for GitHub; empty if all were quick. Mermaid's axis counts seconds from the
 * first.
 */
export function buildsChart(builds: BuildWork['builds']): string[] {
  const slowest = builds.toSorted((a, b) => b.end - b.start - (a.end - a.start)).slice(0, mostBars);
  const [first] = slowest;
  if (first === undefined || first.end - first.start < leastBuild) return [];
  const zero = Math.min(...slowest.map(({ start }) => start));
  const bars = slowest
    .toSorted((a, b) => a.start - b.start)
    // The duration comes first, since a name may be a keyword of Mermaid.
    .map(({ name, start, end }) => `  ${formatDuration(end - start)} ${word(name)} : ${start - zero}, ${end - zero}`);
  return mermaid(['gantt', '  dateFormat x', '  axisFormat %s s', ...bars]);
}

function mermaid(lines: readonly string[]): string[] {
  return ['```mermaid', ...lines, '```'];
}

/** Rounded to two digits, which is enough to compare. */
function megabytes(bytes: number): number {
  return Number((bytes / 1e6).toPrecision(2));
}

/** Longest name in a chart, in characters. */
const longestWord = 40;

/** A name without characters that have a meaning in Mermaid. */
function word(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9 ._+-]/g, '_').slice(0, longestWord);
}
