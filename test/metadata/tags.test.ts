import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseTags } from '../../src/metadata/tags.ts';
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
