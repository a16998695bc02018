import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { annotationsOf, parseAnnotations, parseLabels, placeAnnotations } from '../../src/metadata/labels.ts';
import { failureWith } from '../support/failure.ts';

suite('labels are one key=value per line', () => {
  for (const [name, text, set] of [
    ['nothing', '', {}],
    ['blank lines and comments', '\n \n# a=1\n  # b=2\n', {}],
    ['split at the first =', 'a=b=c=', { a: 'b=c=' }],
    ['an empty value', 'a=', { a: '' }],
    ['the last one wins', 'a=1\nb=2\na=3', { a: '3', b: '2' }],
    ['quotes are part of the value', `a="quoted"\nb='it'`, { a: '"quoted"', b: "'it'" }],
    ['commas and # are part of the value', 'a=1,b=2 # no comment', { a: '1,b=2 # no comment' }],
    ['blanks are part of the value', 'a= 1  ', { a: ' 1  ' }],
    ['blanks round a key are not part of it', '  a =1', { a: '1' }],
    ['nothing is escaped', 'a=\\n$HOME $(x) %41', { a: '\\n$HOME $(x) %41' }],
    ['lines of Windows', 'a=1\r\nb=2\r\n', { a: '1', b: '2' }],
    [
      'keys as they are',
      'org.opencontainers.image.title=Hello, "World"\nUPPER/Case:x=1',
      {
        'org.opencontainers.image.title': 'Hello, "World"',
        'UPPER/Case:x': '1',
      },
    ],
    [
      'names that objects inherit',
      '__proto__=p\nconstructor=c',
      Object.fromEntries([
        ['__proto__', 'p'],
        ['constructor', 'c'],
      ]),
    ],
  ] as const) {
    test(name, () => assert.deepEqual(parseLabels(text), { set, deleted: new Set() }));
  }
});

suite('!key deletes a label, and the last line about a key wins', () => {
  for (const [text, set, deleted] of [
    ['!a', {}, ['a']],
    ['  ! a  ', {}, ['a']],
    ['a=1\n!a', {}, ['a']],
    ['!a\na=1', { a: '1' }, []],
    ['!a\n!b\n!a\nb=2', { b: '2' }, ['a']],
    ['a=!b', { a: '!b' }, []],
  ] as const) {
    test(JSON.stringify(text), () => assert.deepEqual(parseLabels(text), { set, deleted: new Set(deleted) }));
  }
});

suite('a line that is neither is a Failure', () => {
  for (const line of ['a', 'a b', '=1', ' =1', '!', '!a=1', '! a b', 'a key=1', '"a=1,2"']) {
    test(JSON.stringify(line), () => {
      assert.throws(
        () => parseLabels(`ok=1\n${line}`),
        failureWith(`the label line "${line.trim()}"`, 'write key=value'),
      );
    });
  }
});

test('annotations are one key=value per line, with an optional level as prefix', () => {
  const text = [
    'a=1=2\r',
    'manifest:b= x',
    '# c=3',
    'index:a=i',
    'manifest,index:both=1',
    'manifest[linux/amd64]:a=amd',
    'ns:key=v',
    'b=last',
  ].join('\n');
  const annotations = placeAnnotations(parseAnnotations(text), ['manifest']);
  assert.deepEqual(annotationsOf(annotations, 'manifest', undefined), {
    a: '1=2',
    b: 'last',
    both: '1',
    'ns:key': 'v',
  });
  assert.equal(annotationsOf(annotations, 'manifest', 'linux/amd64').a, 'amd');
  assert.equal(annotationsOf(annotations, 'manifest', 'linux/arm64').a, '1=2');
  assert.deepEqual(annotationsOf(annotations, 'index', undefined), { a: 'i', both: '1' });
});

test('an annotation without a level goes where the workflow wants it', () => {
  const annotations = placeAnnotations(parseAnnotations('a=1\nmanifest:b=2\nmanifest[linux/amd64]:c=3'), [
    'manifest',
    'index',
  ]);
  assert.deepEqual(annotationsOf(annotations, 'manifest', 'linux/arm64'), { a: '1', b: '2' });
  assert.deepEqual(annotationsOf(annotations, 'index', undefined), { a: '1' });
});

suite('annotations for a missing platform or index are a Failure', () => {
  for (const [line, ...parts] of [
    ['manifest-descriptor:a=1', '"manifest-descriptor" is not a valid prefix'],
    ['index-descriptor:a=1', '"index-descriptor" is not a valid prefix'],
    ['index[linux/amd64]:a=1', '"index[linux/amd64]" is not a valid prefix'],
    ['manifest:=1', 'write key=value'],
    ['a', 'the annotation line "a"', 'write key=value'],
    ['!a', 'the annotation line "!a"', 'write key=value'],
  ] as const) {
    test(line, () => assert.throws(() => parseAnnotations(line), failureWith(line, ...parts)));
  }
});
