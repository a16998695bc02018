import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { computeMetadata, type MetadataRequest, referencesOf } from '../../src/metadata/compute-metadata.ts';
import { noMetadata, parseMetadataJson } from '../../src/metadata/imported-metadata.ts';
import { parseAnnotations, parseLabels } from '../../src/metadata/labels.ts';
import { bakeFiles, metadataOutputs } from '../../src/metadata/metadata-outputs.ts';
import { parseTagging } from '../../src/metadata/tags.ts';
import { failureWith } from '../support/failure.ts';
import { contextOf } from './events.ts';

const nothing: MetadataRequest = {
  tagging: parseTagging({ images: '', tags: '', flavor: '' }),
  imported: noMetadata,
  labels: parseLabels(''),
  annotations: [],
  revision: 'head',
  created: '2020-01-10T00:30:00Z',
};
const tagging = (images: string, tags = '', flavor = '') => parseTagging({ images, tags, flavor });
const compute = (event: string, request: Partial<MetadataRequest>) =>
  computeMetadata({ ...nothing, ...request }, contextOf(event));
const versionLabel = 'org.opencontainers.image.version';

test('every image gets every tag, in the order of the images', () => {
  const metadata = compute('tag-v1.1.1', {
    tagging: tagging('org/App\nghcr.io/user/app', 'type=semver,pattern={{version}}\nquay.io/a/b:x'),
  });
  assert.deepEqual(referencesOf(metadata), [
    'docker.io/org/app:1.1.1',
    'docker.io/org/app:latest',
    'ghcr.io/user/app:1.1.1',
    'ghcr.io/user/app:latest',
    'quay.io/a/b:x',
  ]);
  assert.deepEqual(metadata.tagNames, ['1.1.1', 'latest', 'x']);
  assert.equal(metadata.version, '1.1.1');
});

test('an image in two spellings is one', () => {
  const metadata = compute('push-dev', { tagging: tagging('app\ndocker.io/library/app') });
  assert.deepEqual(referencesOf(metadata), ['docker.io/library/app:dev']);
});

test('an invalid name is quoted', () => {
  assert.throws(() => compute('push-dev', { tagging: tagging('a b') }), failureWith('image name "a b"', '[HOST/]PATH'));
  assert.throws(() => tagging('ghcr.io/acme/app:x'), failureWith('image name "ghcr.io/acme/app:x"', 'has a tag'));
});

suite('the version', () => {
  const imported = parseMetadataJson(JSON.stringify({ tags: ['a/b:5'], labels: { [versionLabel]: '4' } }), 'json');
  for (const [name, event, request, version] of [
    ['of a rule', 'push-dev', { tagging: tagging('app', 'type=sha') }, 'sha-860c190'],
    ['of metadata-action', 'push-dev', { imported }, '4'],
    ['of the first reference', 'push-dev', { tagging: tagging('', 'app:1.2,app:latest') }, '1.2'],
    ['is not latest', 'push-dev', { tagging: tagging('', 'app,app:1.2') }, undefined],
  ] as const) {
    test(name, () => assert.equal(compute(event, request).version, version));
  }

  test('of the git tag, before that of the first reference', () => {
    const context = { ...contextOf('tag-v1.1.1'), gitTag: 'v1.1.1' };
    assert.equal(computeMetadata({ ...nothing, tagging: tagging('', 'app:x') }, context).version, 'v1.1.1');
  });
});

suite('tags of metadata-action are used if the inputs have none', () => {
  const imported = parseMetadataJson('{"tags":["user/app:dev"]}', 'json');
  for (const [name, request, references] of [
    ['none', { imported }, ['docker.io/user/app:dev']],
    ['references', { imported, tagging: tagging('', 'x/y:1') }, ['docker.io/x/y:1']],
    ['rules', { imported, tagging: tagging('x/y', 'type=raw,value=2') }, ['docker.io/x/y:2']],
  ] as const) {
    test(name, () => assert.deepEqual(referencesOf(compute('push-dev', request)), references));
  }
});

test('a tag of metadata-action that names no image gives none, and matters only where it is needed', () => {
  const imported = parseMetadataJson('{"tags":["dev"],"labels":{"a":"1"}}', 'json');
  const { references, notes } = compute('push-dev', { imported });
  assert.deepEqual(references, []);
  assert.match(notes.join(), /^No tag from "dev" of docker\/metadata-action: it has no image name/);
  const own = compute('push-dev', { imported, tagging: tagging('', 'x/y:1') });
  assert.deepEqual([referencesOf(own), own.notes, own.labels.a], [['docker.io/x/y:1'], [], '1']);
});

suite('expressions in labels and annotations', () => {
  const line = "branch={{branch}} {{commit_date 'YYYY'}}";
  test('with images', () => {
    const metadata = compute('push-dev', {
      tagging: tagging('app'),
      labels: parseLabels(line),
      annotations: parseAnnotations(`index:${line}`),
    });
    assert.equal(metadata.labels.branch, 'dev 2020');
    assert.equal(metadata.annotations[0]?.value, 'dev 2020');
  });
  test('in keys too', () => {
    const metadata = compute('push-dev', {
      tagging: tagging('app'),
      labels: parseLabels('on.{{branch}}=1'),
      annotations: parseAnnotations('on.{{branch}}=1'),
    });
    assert.equal(metadata.labels['on.dev'], '1');
    assert.equal(metadata.annotations[0]?.key, 'on.dev');
  });
  test('without images they are text', () => {
    assert.equal(compute('push-dev', { labels: parseLabels(line) }).labels.branch, line.slice('branch='.length));
  });
  test('one that is not known', () => {
    const request = { tagging: tagging('app'), labels: parseLabels('a={{b}}') };
    assert.throws(() => compute('push-dev', request), failureWith('"a={{b}}"', '{{branch}}'));
  });
});

suite('outputs that docker/metadata-action has', () => {
  const metadata = compute('push-dev', {
    tagging: tagging('user/app', 'type=ref,event=branch\nmy'),
    labels: parseLabels('foo=\nb=1,2="3"'),
    annotations: parseAnnotations('index:b=2\nmanifest[linux/arm64]:b=3\nfoo=own'),
  });

  test('lists and JSON', () => {
    const { json = '', ...outputs } = metadataOutputs(metadata);
    const labels = [
      'b=1,2="3"',
      'foo=',
      'org.opencontainers.image.created=2020-01-10T00:30:00Z',
      'org.opencontainers.image.version=dev',
    ];
    const annotations = [
      'index:b=2',
      'manifest:b=1,2="3"',
      'manifest:foo=own',
      'manifest:org.opencontainers.image.created=2020-01-10T00:30:00Z',
      'manifest:org.opencontainers.image.version=dev',
      'manifest[linux/arm64]:b=3',
    ];
    assert.deepEqual(outputs, {
      version: 'dev',
      tags: 'docker.io/user/app:dev\ndocker.io/user/app:my',
      'tag-names': 'dev\nmy',
      labels: labels.join('\n'),
      annotations: annotations.join('\n'),
    });
    assert.deepEqual(JSON.parse(json), {
      tags: ['docker.io/user/app:dev', 'docker.io/user/app:my'],
      'tag-names': ['dev', 'my'],
      labels: {
        b: '1,2="3"',
        foo: '',
        'org.opencontainers.image.created': '2020-01-10T00:30:00Z',
        'org.opencontainers.image.version': 'dev',
      },
      annotations,
    });
  });

  test('they can be given back', () => {
    const { json = '' } = metadataOutputs(metadata);
    const again = compute('push-dev', { imported: parseMetadataJson(json, 'json') });
    assert.equal(metadataOutputs(again).json, json);
  });

  test('bake files', () => {
    const files = Object.entries(bakeFiles(metadata)).map(([name, text]) => {
      const { target } = JSON.parse(text);
      return [name, target['docker-metadata-action']] as const;
    });
    const {
      'bake-file-tags': tags,
      'bake-file-labels': labels,
      'bake-file-annotations': annotations,
      'bake-file': both,
    } = Object.fromEntries(files);
    assert.deepEqual(tags, {
      tags: ['docker.io/user/app:dev', 'docker.io/user/app:my'],
      args: { DOCKER_META_IMAGES: 'docker.io/user/app', DOCKER_META_VERSION: 'dev' },
    });
    assert.equal(labels.labels.b, '1,2="3"');
    assert.equal(annotations.annotations[0], 'index:b=2');
    assert.deepEqual(both, { ...tags, ...labels });
  });

  test('the bake files name the images although no rule gives a tag', () => {
    const request = { tagging: tagging('app\nghcr.io/acme/app', 'type=ref,event=tag') };
    const { 'bake-file': both = '' } = bakeFiles(compute('push-dev', request));
    const { tags, args } = JSON.parse(both).target['docker-metadata-action'];
    assert.deepEqual([tags, args.DOCKER_META_IMAGES], [[], 'docker.io/library/app,ghcr.io/acme/app']);
  });

  test('without a version the bake files have none', () => {
    const file = JSON.parse(bakeFiles(compute('nothing', {}))['bake-file-tags'] ?? '');
    assert.deepEqual(file.target['docker-metadata-action'], { tags: [], args: { DOCKER_META_IMAGES: '' } });
  });

  test('annotations at the levels that the workflow wants', () => {
    const context = { ...contextOf('push-dev'), annotationLevels: ['manifest', 'index'] as const };
    const asked = { labels: parseLabels('a=1'), annotations: parseAnnotations('b=2\nindex:a=3'), created: undefined };
    const { annotations } = metadataOutputs(computeMetadata({ ...nothing, ...asked }, context));
    assert.equal(annotations, 'index:a=3\nindex:b=2\nmanifest:a=1\nmanifest:b=2');
  });
});
