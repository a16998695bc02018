import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseLabels, deriveLabels, packageLabels } from '../../src/metadata/derive-labels.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { WorkflowContext } from '../../src/runtime.ts';

const context: WorkflowContext = {
  repositoryUrl: 'https://github.com/acme/app',
  repositoryName: 'app',
  description: 'An app, "quoted"',
  license: 'MIT',
  revision: 'f'.repeat(40),
  gitTag: 'v1.2.3',
  commitTime: 1_700_000_000,
};

test('all that a workflow knows', () => {
  const labels = deriveLabels(context, { created: '2026-01-31T12:00:00Z', version: 'v1.2.3', revision: 'head' });
  assert.deepEqual(labels, {
    'org.opencontainers.image.title': 'app',
    'org.opencontainers.image.description': 'An app, "quoted"',
    'org.opencontainers.image.url': 'https://github.com/acme/app',
    'org.opencontainers.image.source': 'https://github.com/acme/app',
    'org.opencontainers.image.version': 'v1.2.3',
    'org.opencontainers.image.created': '2026-01-31T12:00:00Z',
    'org.opencontainers.image.revision': 'f'.repeat(40),
    'org.opencontainers.image.licenses': 'MIT',
  });
});

test('unknown facts give no label', () => {
  const unknown = { created: undefined, version: undefined, revision: 'head' } as const;
  assert.deepEqual(deriveLabels({ description: '' }, unknown), {});
  assert.deepEqual(packageLabels({ description: null, license: null, homepage: null, version: '' }), {});
});

test('a license that GitHub does not recognise is not known', () => {
  const labels = deriveLabels({ license: 'NOASSERTION' }, { created: undefined, version: undefined, revision: 'head' });
  assert.deepEqual(labels, {});
});

test('the revision of a pull request is its head, or the merge commit', () => {
  const pull = { revision: 'head-commit', sha: 'merge-commit' };
  const revision = (choice: 'head' | 'merge') =>
    deriveLabels(pull, { created: undefined, version: undefined, revision: choice })[
      'org.opencontainers.image.revision'
    ];
  assert.equal(revision('head'), 'head-commit');
  assert.equal(revision('merge'), 'merge-commit');
});

test("what a package's meta says", () => {
  assert.deepEqual(
    packageLabels({ description: 'Says hello', license: 'MIT', homepage: 'https://a.b', version: '2.1' }),
    {
      'org.opencontainers.image.description': 'Says hello',
      'org.opencontainers.image.url': 'https://a.b',
      'org.opencontainers.image.version': '2.1',
      'org.opencontainers.image.licenses': 'MIT',
    },
  );
});

test('the base is named with its digest', () => {
  const digest = digestOf('an index');
  assert.deepEqual(baseLabels({ name: 'docker.io/library/alpine:3', digest }), {
    'org.opencontainers.image.base.name': 'docker.io/library/alpine:3',
    'org.opencontainers.image.base.digest': digest,
  });
  assert.deepEqual(baseLabels(undefined), {});
});
