import { createHash } from 'node:crypto';
import { formatSize } from '../lib/format-size.ts';
import { escapeControls } from '../lib/printable.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { type Cell, layOut, type TreemapNode } from './treemap.ts';

/** The content of a page. Texts may be hostile. */
export interface Page {
  readonly title: string;
  /** Meaning of the sizes in the treemap. */
  readonly caption: string;
  readonly map: TreemapNode;
  /** The report, as on a terminal. */
  readonly text: string;
}

/**
 * A page that needs neither network nor other files. Its policy allows only its own style and script, so text from an
 * image could not run even if it were not escaped. https://www.w3.org/TR/CSP3/
 */
export function renderPage({ title, caption, map, text }: Page): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src '${sourceHash(pageScript)}'`;
  const cells = layOut(map);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(caption)} Click or press Enter to enlarge, Escape to go back.</p>
<nav><button id="back" disabled>Back</button><span id="where" aria-live="polite"></span></nav>
<div id="map" role="group" aria-label="Treemap">
${cells.map(cellHtml).join('\n')}
</div>
<h2>Report</h2>
<pre>${escapeHtml(text)}</pre>
<script>${pageScript}</script>
</html>
`;
}

const hues = 6;

function cellHtml({ node, bytes, x, y, width, height }: Cell): string {
  const isGroup = node.parts.length > 0;
  const kind = isGroup ? 'group' : `hue${hueOf(node.name)}`;
  const title = [node.name, formatSize(bytes), node.details].filter(part => part !== '').join(', ');
  const place = [x, y, width, height].map(value => value.toFixed(6));
  const data = ['x', 'y', 'w', 'h'].map((key, i) => `data-${key}="${place[i]}"`).join(' ');
  const style = ['left', 'top', 'width', 'height'].map((key, i) => `${key}:${(100 * Number(place[i])).toFixed(3)}%`);
  return `<button class="cell ${kind}" title="${escapeHtml(title)}" ${data} style="${style.join(';')}"><span>${escapeHtml(node.name)}</span><span class="size">${formatSize(bytes)}</span></button>`;
}

/** The same name has the same color on every page. */
function hueOf(name: string): number {
  return (createHash('sha256').update(name).digest()[0] ?? 0) % hues;
}

function sourceHash(script: string): string {
  return `sha256-${createHash('sha256').update(script).digest('base64')}`;
}

function escapeHtml(text: string): string {
  return escapeControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
