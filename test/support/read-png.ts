import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

/**
 * How often each colour is in a picture: pixels by `#rrggbb`. Reads what Chromium writes: 8 bits per channel, RGB or RGBA,
 * not interlaced. https://www.w3.org/TR/png-3/
 */
export function countColours(png: Buffer): ReadonlyMap<string, number> {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [depth, colourType, , , interlace] = png.subarray(24, 29);
  assert.deepEqual([depth, interlace], [8, 0]);
  assert.ok(colourType === 2 || colourType === 6);
  const size = colourType === 2 ? 3 : 4;
  const lines = inflateSync(Buffer.concat(dataOf(png)));
  const colours = new Map<string, number>();
  let above = Buffer.alloc(width * size);
  for (let y = 0; y < height; y++) {
    const start = y * (width * size + 1);
    const line = lines.subarray(start + 1, start + 1 + width * size);
    unfilter(line, { above, size, filter: lines[start] ?? 0 });
    for (let x = 0; x < line.length; x += size) {
      const colour = `#${line.toString('hex', x, x + 3)}`;
      colours.set(colour, (colours.get(colour) ?? 0) + 1);
    }
    above = line;
  }
  return colours;
}

/** The contents of the chunks IDAT. */
function dataOf(png: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') found.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return found;
}

interface Filtered {
  readonly above: Buffer;
  /** Bytes of a pixel. */
  readonly size: number;
  readonly filter: number;
}

/** Section 9.2: each byte is stored as the difference from a prediction. */
function unfilter(line: Buffer, { above, size, filter }: Filtered): void {
  for (let i = 0; i < line.length; i++) {
    const left = i < size ? 0 : (line[i - size] ?? 0);
    const up = above[i] ?? 0;
    const corner = i < size ? 0 : (above[i - size] ?? 0);
    const predictions = [0, left, up, (left + up) >> 1, paeth(left, up, corner)];
    line[i] = (line[i] ?? 0) + (predictions[filter] ?? assert.fail(`filter ${filter}`));
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [left, up, corner].map(value => Math.abs(estimate - value)) as [number, number, number];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
