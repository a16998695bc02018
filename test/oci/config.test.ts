import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  type ConfigChanges,
  createdOf,
  diffIdsOf,
  type ImageConfig,
  labelsOf,
  parseConfig,
  platformOf,
  withChanges,
  withDiffIds,
} from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { failureWith } from '../support/failure.ts';

const time = '2026-01-31T12:00:00Z';
const configOf = (text: string) => parseConfig(Buffer.from(text), 'the config');
const textOf = (config: ImageConfig) => Buffer.from(config.bytes).toString();

function change(text: string, changes: Partial<ConfigChanges>): string {
  return textOf(withChanges(configOf(text), { labels: {}, deleted: new Set(), created: undefined, ...changes }));
}

suite('changes leave everything else unchanged', () => {
  for (const [name, before, changes, after] of [
    [
      'a config without labels',
      '{"os":"linux"}',
      { labels: { a: '1' } },
      '{"os":"linux","config":{"Labels":{"a":"1"}}}',
    ],
    [
      'config: null',
      '{"config":null,"os":"linux"}',
      { labels: { a: '1' } },
      '{"config":{"Labels":{"a":"1"}},"os":"linux"}',
    ],
    [
      'Labels: null',
      '{"config":{"Labels":null,"Cmd":[]}}',
      { labels: { a: '1' } },
      '{"config":{"Labels":{"a":"1"},"Cmd":[]}}',
    ],
    ['an empty object', '{}', { created: '2026-01-31T12:00:00Z' }, '{"created":"2026-01-31T12:00:00Z"}'],
    [
      'key order and unknown fields',
      '{"z":1,"config":{"Zed":[{"b":1,"a":2}],"Labels":{"m":"0"},"A":{}},"moby.x":{"y":null},"history":[{"empty_layer":true}]}',
      { labels: { n: '1' }, created: '2026-01-31T12:00:00Z' },
      '{"z":1,"config":{"Zed":[{"b":1,"a":2}],"Labels":{"m":"0","n":"1"},"A":{}},"moby.x":{"y":null},"history":[{"empty_layer":true}],"created":"2026-01-31T12:00:00Z"}',
    ],
    [
      'numbers with all their digits',
      '{"a":9007199254740993,"b":1.0,"c":1E400,"d":-0,"e":0.10,"f":123456789012345678901234567890}',
      { labels: { n: '1' } },
      '{"a":9007199254740993,"b":1.0,"c":1E400,"d":-0,"e":0.10,"f":123456789012345678901234567890,"config":{"Labels":{"n":"1"}}}',
    ],
    [
      'text beyond ASCII',
      '{"author":"Zoë \\u0000 \\ud83d\\ude00 \\/"}',
      { labels: { n: 'ä"\\\n' } },
      '{"author":"Zoë \\u0000 😀 /","config":{"Labels":{"n":"ä\\"\\\\\\n"}}}',
    ],
    [
      'names that objects inherit',
      '{"__proto__":{"a":1},"config":{"Labels":{"__proto__":"p","constructor":"c"}}}',
      {
        labels: Object.fromEntries([
          ['__proto__', 'q'],
          ['toString', 's'],
        ]),
      },
      '{"__proto__":{"a":1},"config":{"Labels":{"__proto__":"q","constructor":"c","toString":"s"}}}',
    ],
    [
      'labels keep their place, new ones come after them by name',
      '{"config":{"Labels":{"z":"0","a":"0"}}}',
      { labels: { c: '1', a: '1', b: '1' } },
      '{"config":{"Labels":{"z":"0","a":"1","b":"1","c":"1"}}}',
    ],
    [
      'deleted labels go, whoever set them',
      '{"config":{"Labels":{"a":"0","b":"0"}}}',
      { labels: { c: '1', d: '1' }, deleted: new Set(['a', 'c', 'unknown']) },
      '{"config":{"Labels":{"b":"0","d":"1"}}}',
    ],
    [
      'the last label deleted',
      '{"config":{"Labels":{"a":"0"}}}',
      { deleted: new Set(['a']) },
      '{"config":{"Labels":{}}}',
    ],
    [
      'white space goes once something changes',
      '{ "os" : "linux" }',
      { created: time },
      `{"os":"linux","created":"${time}"}`,
    ],
  ] as const) {
    test(name, () => assert.equal(change(before, changes), after));
  }
});

suite('without a change the bytes are those of the source', () => {
  for (const [name, text, changes] of [
    ['no change asked for', '{ "b" : 1.0,\n "a": [ ] }\n', {}],
    ['the same label', '{"config": {"Labels": {"a": "1"}}}', { labels: { a: '1' } }],
    ['the same created', '{"created": "2026-01-31T12:00:00Z"}', { created: '2026-01-31T12:00:00Z' }],
    ['a label deleted that is not there', '{"config": {"Labels": null}}', { deleted: new Set(['a']) }],
    ['labels in lower case, the same', '{"config": {"labels": {"a": "1"}}}', { labels: { a: '1' } }],
    ['a label set and deleted', '{ "config": null }', { labels: { a: '1' }, deleted: new Set(['a']) }],
  ] as const) {
    test(name, () => assert.equal(change(text, changes), text));
  }
});

test('the order in which labels are given does not count', () => {
  const one = change('{}', { labels: { b: '2', a: '1', '10': 'x', '9': 'y' } });
  assert.equal(change('{}', { labels: { '9': 'y', a: '1', '10': 'x', b: '2' } }), one);
});

test('the source is not changed', () => {
  const config = configOf('{"config":{"Labels":{"a":"0"}}}');
  withChanges(config, { labels: { a: '1' }, deleted: new Set(), created: time });
  assert.equal(textOf(config), '{"config":{"Labels":{"a":"0"}}}');
  assert.deepEqual(labelsOf(config), { a: '0' });
});

test('what a config says of itself', () => {
  const diffId = digestOf('layer');
  const config = configOf(
    `{"os":"linux","architecture":"arm64","variant":"v8","created":"${time}","rootfs":{"type":"layers","diff_ids":["${diffId}"]}}`,
  );
  assert.equal(platformOf(config), 'linux/arm64/v8');
  assert.equal(createdOf(config), time);
  assert.deepEqual(diffIdsOf(config), [diffId]);
  assert.deepEqual(labelsOf(config), {});
  const bare = configOf('{"rootfs":null,"created":null,"os":"linux","architecture":"amd64","variant":""}');
  assert.equal(platformOf(bare), 'linux/amd64');
  assert.equal(createdOf(bare), undefined);
  assert.equal(diffIdsOf(bare), undefined);
});

suite('diffIDs', () => {
  const [a, b] = [digestOf('a'), digestOf('b')];

  test('the same list leaves the config unchanged', () => {
    const config = configOf(`{ "rootfs": {"diff_ids": ["${a}", "${b}"]} }`);
    assert.equal(withDiffIds(config, [a, b]), config);
  });

  test('a config without a list gets one', () => {
    const config = withDiffIds(configOf('{"os":"linux"}'), [a]);
    assert.deepEqual(diffIdsOf(configOf(textOf(config))), [a]);
    assert.equal(JSON.parse(textOf(config)).rootfs.type, 'layers');
  });

  for (const [name, listed] of [
    ['another order', [b, a]],
    ['fewer', [a]],
    ['none', []],
  ] as const) {
    test(`${name}: a Failure with both lists`, () => {
      const config = configOf(JSON.stringify({ rootfs: { diff_ids: listed } }));
      assert.throws(() => withDiffIds(config, [a, b]), failureWith(`[${listed}]`, `[${a},${b}]`));
    });
  }
});

suite('an invalid config is a Failure', () => {
  for (const [name, text, ...parts] of [
    ['no JSON', '{"os":', 'Cannot read the config: it is not JSON'],
    ['empty', '', 'it is not JSON'],
    ['two values', '{} {}', 'it is not JSON'],
    ['the same key twice', '{"os":"a","os":"b"}', 'Duplicate key'],
    ['a list', '[]', 'an image config must be a JSON object'],
    ['null', 'null', 'an image config must be a JSON object'],
    ['config is a list', '{"config":[]}', 'its field "config" is not an object'],
    ['rootfs is text', '{"rootfs":"x"}', 'its field "rootfs" is not an object'],
    ['Labels is a list', '{"config":{"Labels":["a=b"]}}', 'config.Labels is not a map of strings'],
    ['a label is a number', '{"config":{"Labels":{"a":1}}}', 'config.Labels is not a map of strings: {"a":1}'],
    ['config is a number', '{"config":1}', 'its field "config" is not an object: 1'],
    ['Entrypoint is text', '{"config":{"Entrypoint":"sh -c"}}', 'config.Entrypoint is not a list of strings: "sh -c"'],
    [
      'labels twice',
      '{"config":{"labels":{},"Labels":{}}}',
      'Cannot use the config: it has "labels" and "Labels", which engines both read as config.Labels',
    ],
    ['os twice', '{"os":"linux","OS":"linux"}', 'it has "os" and "OS"'],
    ['nested deep', `{"a":${'['.repeat(3300)}${']'.repeat(3300)}}`, 'its JSON is nested more than 200 levels deep'],
    ['far too large', `{"a":"${'x'.repeat(4 << 20)}"}`, 'more than the limit of 4194304'],
  ] as const) {
    test(name, () => assert.throws(() => configOf(text), failureWith(...parts)));
  }

  test('diff_ids that are no list or no digests', () => {
    assert.throws(
      () => diffIdsOf(configOf('{"rootfs":{"diff_ids":{}}}')),
      failureWith('rootfs.diff_ids is not a list'),
    );
    assert.throws(
      () => diffIdsOf(configOf('{"rootfs":{"diff_ids":["sha256:x"]}}')),
      failureWith('rootfs.diff_ids[0]', '"sha256:x"'),
    );
  });
});
