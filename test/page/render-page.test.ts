import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { renderPage } from '../../src/page/render-page.ts';
import type { TreemapNode } from '../../src/page/treemap.ts';
import { openPage } from '../support/open-page.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const node = (name: string, size: number, parts: readonly TreemapNode[] = []) => ({ name, details: '', size, parts });
const hostile = `"><script>window.broken = 1</script><img src=x onerror='window.broken = 1'>\u202e`;
const page = {
  title: hostile,
  caption: 'By size.',
  map: node('all', 0, [
    node('first', 0, [node('glibc-2.40', 30_000_000), node(hostile, 20_000_000)]),
    node('second', 0, [node('zlib-1.3', 10_000_000), node('too small to see', 1)]),
  ]),
  text: hostile,
};

test('the page has all that it needs, and the same input gives the same page', () => {
  const html = renderPage(page);
  assert.equal(renderPage(page), html);
  const harmless = renderPage({ ...page, title: 'image', text: '', map: node('all', 0, [node('glibc', 1)]) });
  assert.doesNotMatch(harmless, /\b(?:src|href)=|@import|url\(|https?:/);
  assert.ok(!html.includes('too small to see'));
  assert.ok(!html.includes('\u202e'));
});

test('in a browser: hostile names are text, cells are enlarged by click and keyboard', async t => {
  const file = join(await temporaryDirectory(t), 'page.html');
  await writeFile(file, renderPage(page));
  const { evaluate, press } = await openPage(t, pathToFileURL(file).href);
  assert.equal(await evaluate('typeof window.broken'), 'undefined');
  assert.equal(await evaluate('document.scripts.length'), 1);
  assert.equal(await evaluate("document.querySelectorAll('img').length"), 0);
  assert.match(String(await evaluate("document.querySelector('h1').textContent")), /^"><script>window\.broken/);
  const visible = () =>
    evaluate(
      "[...document.querySelectorAll('.cell')].filter(cell => !cell.hidden).map(cell => cell.firstChild.textContent.slice(0, 10))",
    );
  const all = ['first', 'second', 'glibc-2.40', '"><script>', 'zlib-1.3'];
  assert.deepEqual(await visible(), all);

  await evaluate("[...document.querySelectorAll('.cell')].find(cell => cell.textContent.startsWith('second')).click()");
  assert.deepEqual(await visible(), ['second', 'zlib-1.3']);
  assert.equal(await evaluate("document.getElementById('where').textContent"), 'second, 10 MB');
  const isWide =
    "document.querySelector('.cell:not([hidden])').getBoundingClientRect().width > 0.99 * document.getElementById('map').clientWidth";
  assert.equal(await evaluate(isWide), true);

  await press('Escape');
  assert.deepEqual(await visible(), all);
  assert.match(String(await evaluate('document.activeElement.textContent')), /^second/);

  await evaluate("document.querySelector('.cell').focus()");
  await press('Enter');
  assert.deepEqual(await visible(), ['first', 'glibc-2.40', '"><script>']);
  await evaluate("document.getElementById('back').click()");
  assert.deepEqual(await visible(), all);
});
