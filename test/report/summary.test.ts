import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import type { RunResult } from '../../src/report/result.ts';
import { mostSummaryBytes, summaryOf } from '../../src/report/summary.ts';
import { resultWith, sampleImage, sampleResult, sampleVariant } from './sample-result.ts';

test('the summary of a push', () => {
  const lines = summaryOf(sampleResult).split('\n');
  assert.equal(lines[0], '## Container image');
  for (const line of [
    '| Reference | `ghcr.io/acme/app:1.2`<br>`docker.io/acme/app:latest` |',
    '| Pushed | yes, 83 kB sent |',
    `| Digest | \`${digestOf('manifest')}\` |`,
    `| Image ID | \`${digestOf('config')}\` |`,
    '| Platform | `linux/amd64` |',
    '| Created | `2026-01-31T12:00:00Z` |',
    '| Size | 42 MB compressed |',
    '| `title` | `Hello` |',
    '### Layers (3)',
    '| `glibc 2.40` | 42 MB | already there |',
    '| `a 1, b 2 and 3 more` | 82 kB | uploaded |',
    '| `COPY \\| app` | 82 kB | uploaded |',
  ]) {
    assert.ok(lines.includes(line), `${line}\nis not in\n${lines.join('\n')}`);
  }
});

test('the summary of a run that pushed nothing and knows little', () => {
  const summary = summaryOf(
    resultWith({ references: [], pushed: false }, { created: undefined, labels: {}, layers: [] }),
  );
  for (const line of ['| Reference | none |', '| Pushed | no |', '| Created | not set |', '### Labels\n\nNone.']) {
    assert.ok(summary.includes(line), line);
  }
});

test('the summary counts what was restored, substituted and built', () => {
  const work = { built: 2, substituted: 3 };
  const storeLine = (cache?: RunResult['cache']) => {
    const lines = summaryOf({ ...sampleResult, work, cache }).split('\n');
    return lines.find(line => line.startsWith('| Store |'));
  };
  const cache = { key: 'a-b-c', restoredPaths: 110, restoredBytes: 207_000_000 };
  const counts = '110 store paths restored (207 MB), 3 from binary caches, 2 built';
  assert.equal(storeLine(), '| Store | 3 from binary caches, 2 built |');
  assert.equal(storeLine({ ...cache, matchedKey: 'a-b-c' }), `| Store | ${counts}; hit: \`a-b-c\` |`);
  assert.equal(storeLine({ ...cache, matchedKey: 'a-b-d' }), `| Store | ${counts}; an older entry: \`a-b-d\` |`);
  assert.match(storeLine({ ...cache, matchedKey: undefined }) ?? '', /; no entry for `a-b-c` \|$/);
});

test('the summary of mode: metadata', () => {
  const { metadata } = sampleImage;
  const annotations = [
    { level: 'index', key: 'a', value: '1' },
    { level: 'manifest', platform: 'linux/arm64', key: 'b', value: '' },
  ] as const;
  assert.equal(
    summaryOf({ metadata: { ...metadata, annotations } }),
    `## Image metadata

|  |  |
| --- | --- |
| Version | \`1.2\` |
| Tags | \`ghcr.io/acme/app:1.2\`<br>\`docker.io/acme/app:latest\` |

### Labels

| Label | Value |
| --- | --- |
| \`title\` | \`Hello\` |

### Further annotations

| Annotation | Value |
| --- | --- |
| \`index:a\` | \`1\` |
| \`manifest[linux/arm64]:b\` |  |
`,
  );
  const nothing = summaryOf({
    metadata: { ...metadata, version: undefined, tagNames: [], references: [], labels: {} },
  });
  for (const line of ['| Version | none |', '| Tags | none |', '### Labels\n\nNone.'])
    assert.ok(nothing.includes(line), line);
});

test('the summary of mode: cleanup', () => {
  const { metadata } = sampleImage;
  const kept = [{ name: 'ghcr.io/acme/app:v1', reason: 'other tags | lead to it' }];
  assert.equal(
    summaryOf({ metadata, deleted: ['ghcr.io/acme/app:pr-12'], kept, dryRun: false }),
    `## Clean-up

| Name |  |
| --- | --- |
| \`ghcr.io/acme/app:pr-12\` | deleted |
| \`ghcr.io/acme/app:v1\` | stays: \`other tags \\| lead to it\` |
`,
  );
  assert.match(summaryOf({ metadata, deleted: ['a:b'], kept: [], dryRun: true }), /\| `a:b` \| would be deleted \|/);
  assert.equal(summaryOf({ metadata, deleted: [], kept: [], dryRun: false }), '## Clean-up\n\nNone.\n');
});

for (const [value, shown] of [
  ['x'.repeat(501), `\`${'x'.repeat(500)}…\``],
  ['plain', '`plain`'],
  ['a | b', '`a \\| b`'],
  ['a `b` c', '`` a `b` c ``'],
  ['``` a', '```` ``` a ````'],
  ['<script>', '`<script>`'],
  ['says "so"', '`says "so"`'],
  ['a\\|b', '`a\\\\|b`'],
  [
    '@everyone [x](https://evil.example) ![y](//evil.example/z)',
    '`@everyone [x](https://evil.example) ![y](//evil.example/z)`',
  ],
  ['\u001b[31m\u202egpj.exe\0', '`\\u001b[31m\\u202egpj.exe\\u0000`'],
  ['one\r\n\r\ntwo\rthree', '`one ⏎ two ⏎ three`'],
  ['', ''],
] as const) {
  test(`a label cannot break out of its cell: ${JSON.stringify(value)}`, () => {
    assert.ok(summaryOf(resultWith({}, { labels: { key: value } })).includes(`\n| \`key\` | ${shown} |\n`));
  });
}

test('a summary that GitHub would not show is cut at a line, and says how many are left out', () => {
  const labels = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`label${i}`, 'ü'.repeat(400)]));
  const summary = summaryOf(resultWith({}, { labels }));
  const size = Buffer.byteLength(summary);
  assert.ok(size <= mostSummaryBytes && size > mostSummaryBytes - 2000, `${size} bytes`);
  const [, left] =
    /\n\nThe other (\d+) lines of this summary are left out: GitHub accepts at most 1 MiB/.exec(summary) ?? [];
  const rows = summary.match(/^\| `label\d+` \| `ü+` \|$/gm) ?? [];
  assert.equal(Number(left), 3000 - rows.length + 9, 'the labels and the lines of the layers below them');
});

test('an image for several platforms has a section for each', () => {
  const arm = { ...sampleVariant, platform: 'linux/arm64' };
  const lines = summaryOf(resultWith({ platforms: [sampleVariant, arm] })).split('\n');
  for (const line of ['### Platform `linux/amd64`', '### Platform `linux/arm64`', '#### Layers (3)']) {
    assert.ok(lines.includes(line), line);
  }
});
