import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseTagging, parseTags } from '../../src/metadata/tags.ts';
import { formatReference } from '../../src/oci/reference.ts';
import { failureWith } from '../support/failure.ts';

suite('tags come as a list', () => {
  for (const [name, text, ...expected] of [
    ['nothing', ''],
    ['blank lines and comments only', '\n  \n# ghcr.io/acme/app:1\n,\n'],
    ['lines', 'a/b:1\na/b:2\n', 'docker.io/a/b:1', 'docker.io/a/b:2'],
    ['lines of Windows', 'a/b:1\r\na/b:2\r\n', 'docker.io/a/b:1', 'docker.io/a/b:2'],
    ['commas', 'a/b:1,ghcr.io/a/b:1 , a/b:2,', 'docker.io/a/b:1', 'ghcr.io/a/b:1', 'docker.io/a/b:2'],
    [
      'both, indented, with comments',
      '  a/b:1, a/b:2\n  # old: a/b:0\n  a/b:3',
      'docker.io/a/b:1',
      'docker.io/a/b:2',
      'docker.io/a/b:3',
    ],
    ['a comma in a comment', '# a/b:1, a/b:2\na/b:3', 'docker.io/a/b:3'],
    [
      'repeats, also in another spelling',
      'app\nghcr.io/a/b:1\ndocker.io/library/app:latest\nghcr.io/a/b:1',
      'docker.io/library/app:latest',
      'ghcr.io/a/b:1',
    ],
  ] as const) {
    test(name, () => assert.deepEqual(parseTags(text).map(formatReference), expected));
  }
});

test('one wrong tag of many is named', () => {
  assert.throws(
    () => parseTags('a/b:1\nghcr.io/Acme/app:2'),
    failureWith('"ghcr.io/Acme/app:2"', 'ghcr.io/acme/app:2'),
  );
});

suite('the input images decides how a line of tags is read', () => {
  const parse = (tags: string, images = 'ghcr.io/acme/app', flavor = '') => {
    const { references, rules } = parseTagging({ images, tags, flavor });
    return { references: references.map(formatReference), rules: rules?.rules.map(({ line }) => line) };
  };

  for (const [name, tags, references, rules] of [
    ['a rule', 'type=sha', [], ['type=sha']],
    ['a tag', 'v1.2', [], ['v1.2']],
    ['a tag with a slash', 'feature/x', [], ['feature/x']],
    ['a reference', 'docker.io/acme/app:1', ['docker.io/acme/app:1'], []],
    ['both', 'type=sha\n# none\nquay.io/a/b:1\nx', ['quay.io/a/b:1'], ['x', 'type=sha']],
    ['an expression', 'a/{{branch}}:x', [], ['a/{{branch}}:x']],
    [
      'the default rules',
      '',
      [],
      ['type=schedule', 'type=ref,event=branch', 'type=ref,event=tag', 'type=ref,event=pr'],
    ],
  ] as const) {
    test(name, () => assert.deepEqual(parse(tags), { references, rules }));
  }

  test('without images there are references only', () => {
    assert.deepEqual(parse('a/b:1,a/b:2', ''), {
      references: ['docker.io/a/b:1', 'docker.io/a/b:2'],
      rules: undefined,
    });
  });
  test('a rule without images', () => {
    assert.throws(() => parse('app\ntype=sha', ''), failureWith('"type=sha"', 'needs the input images'));
  });
  test('a flavor without images', () => {
    assert.throws(() => parse('app', '', 'latest=true'), failureWith('flavor without images'));
  });
});
