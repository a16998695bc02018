/** A way to put one closure into layers, and what a change does to them. */
export interface Row {
  readonly title: string;
  /** Bytes of each layer, and whether it is sent again. */
  readonly layers: readonly { readonly size: number; readonly isSent: boolean }[];
}

const [width, margin, barHeight, rowHeight] = [880, 20, 34, 76];
const [sent, kept] = ['#d9480f', '#9ec5e8'];

/** An SVG picture with a bar for each row: the layers side by side, as wide as they are large, those sent again in red. */
export function drawLayers(rows: readonly Row[]): string {
  const height = margin * 2 + rows.length * rowHeight + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="15">`,
    '<title>Layers that a change sends again, and layers that stay</title>',
    `<rect width="${width}" height="${height}" rx="6" fill="#ffffff"/>`,
    ...rows.flatMap((row, i) => drawRow(row, margin + i * rowHeight)),
    ...drawLegend(height - margin),
    '</svg>',
    '',
  ].join('\n');
}

function drawRow({ title, layers }: Row, top: number): string[] {
  const scale = (width - 2 * margin) / layers.reduce((sum, { size }) => sum + size, 0);
  let left = margin;
  const bars = layers.map(({ size, isSent }) => {
    // A line round a narrow one would hide it.
    const line = size * scale > 3 ? ' stroke="#ffffff" stroke-width="0.6"' : '';
    const geometry = `x="${left.toFixed(2)}" y="${top + 24}" width="${(size * scale).toFixed(2)}" height="${barHeight}"`;
    const bar = `<rect ${geometry} fill="${isSent ? sent : kept}"${line}/>`;
    left += size * scale;
    return bar;
  });
  return [`<text x="${margin}" y="${top + 16}" fill="#24292f">${title}</text>`, ...bars];
}

function drawLegend(y: number): string[] {
  return [
    [sent, 'layer that is sent again'],
    [kept, 'layer that stays'],
  ].flatMap(([fill, text], i) => [
    `<rect x="${margin + i * 300}" y="${y - 12}" width="14" height="14" fill="${fill}"/>`,
    `<text x="${margin + 22 + i * 300}" y="${y}" fill="#24292f">${text}</text>`,
  ]);
}
