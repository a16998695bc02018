import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkflowContext } from '../../src/host.ts';
import { deriveLabels } from '../../src/metadata/derive-labels.ts';
import { parseReference } from '../../src/oci/reference.ts';

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
  const labels = deriveLabels(context, { created: '2026-01-31T12:00:00Z', tags: [parseReference('app:latest')] });
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

test('without a git tag the version is that of the first reference', () => {
  const tags = [parseReference('app:1.2'), parseReference('app:latest')];
  assert.deepEqual(deriveLabels({}, { created: undefined, tags }), { 'org.opencontainers.image.version': '1.2' });
});

test('what is not known is not there', () => {
  assert.deepEqual(deriveLabels({ description: '' }, { created: undefined, tags: [] }), {});
});
