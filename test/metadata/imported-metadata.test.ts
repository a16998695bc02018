import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { joinMetadata, metadataOfEnvironment, parseMetadataJson } from '../../src/metadata/imported-metadata.ts';
import { parseMetadataSource } from '../../src/metadata/metadata-source.ts';
import { failureWith } from '../support/failure.ts';

const json = JSON.stringify({
  tags: ['user/app:dev', 'user/app:my'],
  'tag-names': ['dev', 'my'],
  labels: { a: 'x=1, "y" # z', b: 'two\nlines', c: '' },
  annotations: ['manifest:a=x=1', 'index:b=two\nlines'],
});
const expected = {
  tags: ['user/app:dev', 'user/app:my'],
  labels: { a: 'x=1, "y" # z', b: 'two\nlines', c: '' },
  annotations: [
    { level: 'manifest', key: 'a', value: 'x=1' },
    { level: 'index', key: 'b', value: 'two\nlines' },
  ],
};

test('its json', () => assert.deepEqual(parseMetadataJson(json, 'json'), expected));

test('its bake files, several as one', () => {
  const file = (content: object) => JSON.stringify({ target: { 'docker-metadata-action': content } });
  const parts = [
    file({ tags: expected.tags, args: { DOCKER_META_IMAGES: 'user/app', DOCKER_META_VERSION: 'dev' } }),
    file({ labels: expected.labels }),
    file({ annotations: ['manifest:a=x=1', 'index:b=two\nlines'] }),
  ].map((text, i) => parseMetadataJson(text, `file ${i}`));
  assert.deepEqual(joinMetadata(parts), expected);
});

suite('the environment it leads outside of GitHub', () => {
  test('only its json, if that is set', () => {
    const env = { DOCKER_METADATA_OUTPUT_JSON: json, DOCKER_METADATA_OUTPUT_LABELS: 'other=1' };
    assert.deepEqual(metadataOfEnvironment(env), expected);
  });

  test('its lists', () => {
    const env = {
      DOCKER_METADATA_OUTPUT_TAGS: 'user/app:dev\nuser/app:my',
      DOCKER_METADATA_OUTPUT_LABELS: 'a=x=1, "y" # z\nc=',
      DOCKER_METADATA_OUTPUT_ANNOTATIONS: 'manifest:a=x=1',
    };
    assert.deepEqual(metadataOfEnvironment(env), {
      tags: expected.tags,
      labels: { a: 'x=1, "y" # z', c: '' },
      annotations: [{ level: 'manifest', key: 'a', value: 'x=1' }],
    });
  });

  test('a list that cannot say what it means', () => {
    const env = { DOCKER_METADATA_OUTPUT_LABELS: 'a=two\nlines' };
    assert.throws(() => metadataOfEnvironment(env), failureWith('"lines"'));
  });

  test('nothing', () => assert.throws(() => metadataOfEnvironment({}), failureWith('metadata: env', 'earlier step')));
});

test('unknown values are left out', () => {
  const image = 'org.opencontainers.image';
  const labels = {
    [`${image}.licenses`]: '',
    [`${image}.version`]: '',
    [`${image}.vendor`]: '',
    [`${image}.title`]: 'app',
  };
  const annotations = [`manifest:${image}.licenses=`, 'manifest:own='];
  assert.deepEqual(parseMetadataJson(JSON.stringify({ labels, annotations }), 'json'), {
    tags: [],
    labels: { [`${image}.vendor`]: '', [`${image}.title`]: 'app' },
    annotations: [{ level: 'manifest', key: 'own', value: '' }],
  });
});

suite('other input is a Failure', () => {
  for (const [text, ...parts] of [
    ['{', 'it is not JSON'],
    ['[]', 'neither the json'],
    ['{"labels":{"a":1}}', 'labels a map of strings'],
    ['{"labels":["a=1"]}', 'neither the json'],
    ['{"tags":"a:1"}', 'tags and annotations must be lists'],
    ['{"target":{"a":{},"b":{}}}', '2 targets'],
    ['{"annotations":["a"]}', 'the annotation line "a"'],
  ] as const) {
    test(text, () => assert.throws(() => parseMetadataJson(text, 'x'), failureWith(...parts)));
  }
});

suite('the input metadata', () => {
  for (const [text, source] of [
    [' env\n', { kind: 'env' }],
    ['/tmp/a.json\ncwd:///tmp/b.json\n', { kind: 'files', paths: ['/tmp/a.json', '/tmp/b.json'] }],
    ['{"labels":{"a":"1"}}', { kind: 'json', metadata: { tags: [], labels: { a: '1' }, annotations: [] } }],
  ] as const) {
    test(text, () => assert.deepEqual(parseMetadataSource(text), source));
  }
});
