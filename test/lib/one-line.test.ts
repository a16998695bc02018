import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { oneLine } from '../../src/lib/one-line.ts';

suite("a stranger's words", () => {
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
