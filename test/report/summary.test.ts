import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { parseReference } from '../../src/oci/reference.ts';
import type { RunResult } from '../../src/report/result.ts';
import { mostSummaryBytes, summaryOf } from '../../src/report/summary.ts';
import { resultWith, sampleImage, sampleResult, sampleVariant } from './sample-result.ts';

test('the summary of a push', () => {
  assert.equal(
    summaryOf(resultWith({}, { labels: { title: 'Hello' } })),
    `## Container image

| Reference | \`ghcr.io/acme/app:1.2\`<br>\`docker.io/acme/app:latest\` |
| --- | --- |
| Digest | \`${digestOf('manifest')}\` |
| Pushed | yes, 83 kB sent |
| \`linux/amd64\` | 42 MB compressed in 3 layers, 1 of them already there; created \`2026-01-31T12:00:00Z\` |

\`\`\`sh
docker pull ghcr.io/acme/app@${digestOf('manifest')}
docker run --rm ghcr.io/acme/app@${digestOf('manifest')}
\`\`\`

<details>
<summary>Labels: 1</summary>

| Label | Value |
| --- | --- |
| \`title\` | \`Hello\` |

</details>

<details>
<summary>Layers: 3</summary>

Manifest \`${digestOf('manifest')}\`, image ID \`${digestOf('config')}\`.

| Layer | Size |  |
| --- | --- | --- |
| \`glibc 2.40\` | 42 MB | already there |
| \`a 1, b 2 and 3 more\` | 82 kB | uploaded |
| \`COPY \\| app\` | 82 kB | uploaded |

</details>
`,
  );
});

test('the summary of a run that pushed nothing and knows little', () => {
  const summary = summaryOf(
    resultWith({ references: [], pushed: false }, { created: undefined, labels: {}, layers: [] }),
  );
  for (const line of ['| Reference | none |', '| Pushed | no |', 'created not set |', 'Labels: 0</summary>\n\nNone.']) {
    assert.ok(summary.includes(line), line);
  }
  assert.doesNotMatch(summary, /docker/);
});

test('the summary has the time of each stage and what it did', () => {
  const stages = ['Toolchain', 'Cache', 'Build', 'Push'].map((name, i) => ({ name, milliseconds: 61_500 * i }));
  const work = { built: 2, substituted: 3, builds: [] };
  const timeOf = (more: Partial<RunResult>) => {
    const lines = summaryOf({ ...sampleResult, stages, work, ...more }).split('\n');
    return lines.find(line => line.startsWith('**Time**'));
  };
  const cache = { key: 'a-b-c', restoredPaths: 110, restoredBytes: 207_000_000 };
  const times = (of: string) =>
    `**Time**: Toolchain 0.0 s (Nix \`2.30.1\`), Cache 1 min 2 s${of}, Build 2 min 3 s (built 2, fetched 3), Push 3 min 5 s (sent 83 kB).`;
  assert.equal(timeOf({}), times(''));
  assert.equal(timeOf({ cache: { ...cache, matchedKey: 'a-b-c' } }), times(' (restored 110, 207 MB from `a-b-c`)'));
  const older = ' (restored 110, 207 MB from the older entry `a-b-d`)';
  assert.equal(timeOf({ cache: { ...cache, matchedKey: 'a-b-d' } }), times(older));
  assert.equal(timeOf({ cache: { ...cache, matchedKey: undefined } }), times(' (no entry for `a-b-c`)'));
});

test('the slowest builds are a chart, if one took a second', () => {
  const build = (name: string, start: number, end: number) => ({ name, start, end });
  const chartOf = (...builds: ReturnType<typeof build>[]) => {
    const work = { built: 2, substituted: 3, builds };
    const stages = [{ name: 'Build', milliseconds: 1 }];
    return /```mermaid\ngantt\n([^`]*)```/.exec(summaryOf({ ...sampleResult, work, stages }))?.[1];
  };
  assert.equal(chartOf(build('quick-1', 0, 999)), undefined);
  assert.equal(
    chartOf(build('b: "x" %%{init}%%\n;#', 7000, 11_000), build('a-1', 5000, 6500), build('section', 5000, 5100)),
    '  dateFormat x\n  axisFormat %s s\n  1.5 s a-1 : 0, 1500\n  0.1 s section : 0, 100\n  4.0 s b_ _x_ ___init______ : 2000, 6000\n',
  );
  const many = Array.from({ length: 30 }, (_, i) => build(`p${i}`, 0, 1000 * (i + 1)));
  assert.equal(chartOf(...many)?.split('\n').length, 13);
});

test('the largest packages are a chart, if their sizes are known', () => {
  const path = (name: string, narSize?: number) => ({ path: `/nix/store/${'0'.repeat(32)}-${name}`, narSize });
  const chartOf = (...paths: ReturnType<typeof path>[]) => {
    const layers = sampleVariant.layers.slice(0, 1).map(layer => ({ ...layer, contents: { paths, history: '' } }));
    return /xychart-beta horizontal\n([^`]*)```/.exec(summaryOf(resultWith({}, { layers })))?.[1];
  };
  assert.equal(chartOf(path('a-1', 5_000_000)), undefined);
  assert.equal(chartOf(path('a-1'), path('b-1')), undefined);
  assert.equal(
    chartOf(path('a-1', 5_000_000), path('b"]-2', 123_456), path('c-3')),
    '  x-axis ["a 1, 5.0 MB", "b__ 2, 123 kB"]\n  y-axis "MB" 0 --> 5\n  bar [5, 0.12]\n',
  );
  const many = Array.from({ length: 30 }, (_, i) => path(`p${i}-1`, 1_000_000));
  assert.match(chartOf(...many) ?? '', /"p15 1, 1\.0 MB", "22 others, 22 MB"\]/);
});

test('the summary says what changed since the last image under the tag', () => {
  const path = (name: string, hash = '0') => ({ path: `/nix/store/${hash.repeat(32)}-${name}`, narSize: 1_000_000 });
  const layer = (size: number, ...paths: ReturnType<typeof path>[]) => ({
    descriptor: { mediaType: 'tar', digest: digestOf(JSON.stringify(paths)), size },
    contents: { paths, history: '' },
  });
  const now = [layer(5_000_000, path('glibc-2.40')), layer(2_000_000, path('app-2'), path('lib-1', '1'))];
  const layers = now.map(one => ({ ...one, diffId: digestOf('x'), state: 'uploaded' as const }));
  const changesSince = (...before: ReturnType<typeof layer>[]) => {
    const images = [{ platform: 'linux/amd64', layers: before }];
    const reference = parseReference('ghcr.io/acme/app:main');
    return summaryOf(resultWith({ previous: { reference, images } }, { layers }));
  };
  const title = '**Since the last `ghcr.io/acme/app:main`** (`linux/amd64`): ';
  const changed = changesSince(layer(5_000_000, path('glibc-2.40')), layer(1_500_000, path('app-1'), path('lib-1')));
  assert.ok(
    changed.includes(
      `${title}+500 kB, new layers: 1, 2.0 MB to pull.\n\n<details open>\n<summary>Packages: 0 added, 0 removed, 1 changed, 1 rebuilt</summary>\n\n` +
        '| Package |  | Before | Now | Unpacked |\n| --- | --- | --- | --- | --- |\n| `app` | changed | `1` | `2` | 1.0 MB |\n',
    ),
    changed,
  );
  assert.ok(changesSince(...now).includes(`${title}the same layers.\n`));
  const other = { reference: parseReference('acme/app'), images: [{ platform: 'linux/arm64', layers: [] }] };
  assert.doesNotMatch(summaryOf(resultWith({ previous: other })), /Since/);
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
  assert.equal(Number(left), 3000 - rows.length + 16, 'the labels and the lines of the layers below them');
  assert.equal(summary.match(/^<details>$/gm)?.length, summary.match(/^<\/details>$/gm)?.length);
});

test('an image for several platforms has lines for each, and one of several images its name', () => {
  const arm = { ...sampleVariant, platform: 'linux/arm64' };
  const image = { ...sampleImage, platforms: [sampleVariant, arm] };
  const stages = [{ name: 'Build', milliseconds: 1000 }];
  const text = summaryOf({
    ...sampleResult,
    images: [
      { ...image, name: 'web' },
      { ...image, name: 'job' },
    ],
    stages,
  });
  for (const platform of ['linux/amd64', 'linux/arm64']) {
    for (const line of [
      `| \`${platform}\` | 42 MB`,
      `<summary>Labels of ${platform}: 2`,
      `<summary>Layers of ${platform}: 3`,
    ]) {
      assert.equal(text.split(line).length, 3, line);
    }
  }
  assert.deepEqual(text.match(/^## .*$/gm), ['## Container image `web`', '## Container image `job`', '## Stages']);
  assert.match(text, /\n## Stages\n\n\*\*Time\*\*: Build 1\.0 s\.\n/);
});
