import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { escapeControls, oneLine, printable } from '../../src/lib/printable.ts';

/** What the runner strips before it looks for `::`, char.IsWhiteSpace of .NET, and what some other runner might. */
const spaces = '\t \u00a0\u1680\u2000\u2001\u2006\u200a\u202f\u205f\u3000\ufeff\u200b\u200d\u2060\u00ad';

suite('a command to a runner is broken up', () => {
  for (const [description, text] of [
    ['at the start', '##[save-state name=task]/evil'],
    ['in the middle of a line', 'x ##[stop-commands]y'],
    ['twice', '##[a]##[b]'],
    ['one inside another', '##[##[##[a]'],
    ['after a carriage return', 'x\r::add-path::/evil'],
    ['after a line feed', 'x\n  ::add-path::/evil'],
    ['after both', 'x\r\n::add-path::/evil'],
    ['after many lines', `${'\n'.repeat(9)}::add-path::/evil`],
    ['after a line separator', 'x\u2028::add-path::/evil'],
    ['with many colons', '::::add-path::/evil'],
    ...['\u0085', '\u000b', '\u000c', '\0', '\u001b[0m', '\u2028', '\u2029', ...spaces, spaces].map(
      space => [`after ${JSON.stringify(space)}`, `${space}::set-env name=A::b`] as const,
    ),
  ] as const) {
    test(description, () => {
      const shown = printable(text);
      assert.ok(!shown.includes('##['), shown);
      for (const line of shown.split(/[\r\n\u2028\u2029\u0085]/)) assert.doesNotMatch(line, /^[\s\p{Z}\p{C}]*::/u);
    });
  }

  test('text without a command is unchanged', () => {
    for (const text of ['a::b', 'std::vector ## [x] #[y]', ' two\n\n\tlines ', '日本 🎉', '']) {
      assert.equal(printable(text), text);
    }
  });

  test('the time grows with the length only', () => {
    const start = performance.now();
    for (const char of ['\n', '\r', ' ', '\u2028', ':', '#', '\t\n']) printable(char.repeat(1_000_000));
    assert.ok(performance.now() - start < 10_000);
  });
});

test('a terminal gets no control character but new lines and tabs', () => {
  const hostile = '\u001b]0;title\u0007\u001b[2J\u009b31m\u007f\u0008 \u202eevil\u2066 a\tb\r\nc\rd';
  assert.equal(
    printable(hostile),
    '\\u001b]0;title\\u0007\\u001b[2J\\u009b31m\\u007f\\u0008 \\u202eevil\\u2066 a\tb\nc\nd',
  );
});

test('JSON with its controls escaped means the same', () => {
  const value = { 'a\u009b': 'b\u2028\u202e\u007f"\\' };
  const text = escapeControls(JSON.stringify(value, undefined, 2));
  assert.deepEqual(JSON.parse(text), value);
  assert.doesNotMatch(text, /[\u007f-\u009f\u2028\u202e]/);
});

suite('text from outside on one line', () => {
  for (const [name, text, expected] of [
    ['line breaks', ' no\n::error::x\r\n\tmore\u2028end ', 'no ::error::x more end'],
    ['terminal escapes', 'a\u001b[2J\u009b31mb', 'a [2J 31mb'],
    ['text that changes its direction', 'a\u202eb\u200bc', 'a b c'],
    ['letters of any language', 'Ungültig: 日本 🎉', 'Ungültig: 日本 🎉'],
    ['length', 'x'.repeat(10_000), 'x'.repeat(400)],
  ] as const) {
    test(name, () => assert.equal(oneLine(text), expected));
  }
});
