import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EndlessListError, mostPages, nextLinkOf, readPages } from '../../src/lib/http/read-pages.ts';

const first = new URL('https://registry.example.org/v2/app/tags/list');
const pageAt = (number: number) => new URL(`?page=${number}`, first);

/** The pages that are read before the list ends, and how it ends. */
async function readAll(nextOf: (url: URL) => URL | undefined) {
  const read: string[] = [];
  try {
    for await (const page of readPages(first, async url => ({ value: url.search, next: nextOf(url) }))) read.push(page);
    return { read, error: undefined };
  } catch (error) {
    return { read, error };
  }
}

suite('pages of a list', () => {
  test('are read to the last', async () => {
    const { read, error } = await readAll(url => (url.search === '' ? pageAt(2) : undefined));
    assert.deepEqual({ read, error }, { read: ['', '?page=2'], error: undefined });
  });

  test('that lead in a circle are no whole list', async () => {
    const { read, error } = await readAll(url => (url.search === '?page=2' ? first : pageAt(2)));
    assert.deepEqual(read, ['', '?page=2']);
    assert.ok(
      error instanceof EndlessListError && error.message.endsWith('/v2/app/tags/list: its pages form a cycle.'),
    );
  });

  test('that never end are no whole list', async () => {
    let pages = 0;
    const { read, error } = await readAll(() => pageAt(pages++));
    assert.equal(read.length, mostPages);
    assert.ok(error instanceof EndlessListError && error.message.includes('more than 200 pages'));
  });
});

suite('Link', () => {
  for (const [header, expected] of [
    ['', undefined],
    ['</next>; rel="next"', '/next'],
    ['</next>; rel=next', '/next'],
    ['</next>; Rel="NEXT"', '/next'],
    ['</next>;rel = "last next"', '/next'],
    ['<a?b=1,2;3>; title="x"; rel="next"', 'a?b=1,2;3'],
    ['<a>; rel="prev", <b>; rel="next", <c>; rel="last"', 'b'],
    ['<a>; rel="nextpage"', undefined],
    ['<a>; rel="prev"', undefined],
    ['<a>', undefined],
    ['rel="next"', undefined],
  ] as const) {
    test(header, () => assert.equal(nextLinkOf(header), expected));
  }
});
