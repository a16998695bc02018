import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, codePointKey, isAscii, isUtf8, replaceNonAscii, textOf } from '../../src/tar/byte-string.ts';

test('text goes to bytes and back', () => {
  for (const text of ['', 'plain', 'größe', '日本', '😀', '\u0000\u007f\u0080'])
    assert.equal(textOf(bytesOf(text)), text);
  assert.equal(bytesOf('é'), '\xc3\xa9');
});

test('UTF-8 is what the decoder of the platform takes for UTF-8', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decodes = (bytes: string) => {
    try {
      decoder.decode(Buffer.from(bytes, 'latin1'));
      return true;
    } catch {
      return false;
    }
  };
  const edges = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed]
    .concat([0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff])
    .map(byte => String.fromCharCode(byte));
  for (const a of edges) {
    for (const b of edges) {
      for (const c of edges) {
        for (const d of ['', '\x80', '\xbf', 'x']) {
          const bytes = a + b + c + d;
          assert.equal(isUtf8(bytes), decodes(bytes), JSON.stringify(bytes));
        }
      }
    }
  }
});

test('only bytes below 0x80 are ASCII', () => {
  assert.equal(isAscii('a\x00\x7f'), true);
  assert.equal(isAscii('a\x80'), false);
});

test('each code point and each stray byte is one part', () => {
  assert.equal(
    replaceNonAscii(bytesOf('a日é😀b'), () => '?'),
    'a???b',
  );
  assert.equal(
    replaceNonAscii('\xe6\x97x\xed\xa0\x80\xff', () => '?'),
    '??x????',
  );
});

test('bytes that are not UTF-8 sort between U+D7FF and U+E000', () => {
  const names = ['\xff', '\x80', bytesOf('\ue000'), bytesOf('\ud7ff'), bytesOf('😀'), 'z'];
  const sorted = names.toSorted((a, b) => (codePointKey(a) < codePointKey(b) ? -1 : 1));
  assert.deepEqual(sorted, ['z', bytesOf('\ud7ff'), '\x80', '\xff', bytesOf('\ue000'), bytesOf('😀')]);
});
