import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { contentsOf } from '../../src/oci/layer-contents.ts';
import { parseReference } from '../../src/oci/reference.ts';
import type { ImageSummary } from '../../src/report/image-summary.ts';
import {
  commentMarker,
  mostCommentCharacters,
  type Preview,
  renderSection,
  sectionsOf,
  withSection,
} from '../../src/report/preview-comment.ts';

const layer = (names: string, size: number) => ({
  descriptor: { mediaType: 'tar', digest: digestOf(names), size },
  contents: contentsOf(names.split(' ').map(name => `/nix/store/${'0'.repeat(32)}-${name}`)),
});

const image = (...layers: ImageSummary['layers']): ImageSummary => ({ platform: 'linux/amd64', layers });

const before = image(layer('glibc-2.40', 30_000_000), layer('curl-8.1 gone-1', 4_000_000));
const after = image(layer('glibc-2.40', 30_000_000), layer('curl-8.2 new-2', 6_000_000));

const preview: Preview = {
  repository: { host: 'ghcr.io', path: 'acme/app' },
  references: [parseReference('ghcr.io/acme/app:pr-12'), parseReference('ghcr.io/acme/app:sha-1234567')],
  digest: digestOf('image'),
  images: [after],
  base: { reference: parseReference('ghcr.io/acme/app:main'), images: [before] },
  revision: '0123456789abcdef0123456789abcdef01234567',
  work: { built: 3, substituted: 120, builds: [] },
  stages: [
    { name: 'Build', milliseconds: 61_000 },
    { name: 'Push', milliseconds: 2500 },
  ],
  findings: [
    { rule: 'no-tmp', platform: 'linux/amd64', facts: ['the image has no /tmp'], others: 0 },
    { rule: 'no-tmp', platform: 'linux/arm64', facts: ['the image has no /tmp'], others: 0 },
  ],
  cache: { key: 'a', matchedKey: 'a', restoredPaths: 45, restoredBytes: 1 },
  runUrl: 'https://github.com/acme/app/actions/runs/7',
};

test('a section has the commands, the size, what changed and where it comes from', () => {
  const { key, text } = renderSection(preview);
  assert.equal(key, 'ghcr.io/acme/app');
  const name = `ghcr.io/acme/app@${preview.digest}`;
  assert.deepEqual(text.split('\n'), [
    '### Container image `acme/app`',
    '',
    '```sh',
    `docker pull ${name}`,
    `docker run --rm ${name}`,
    '```',
    '',
    '**Check**: the image breaks a rule.',
    '',
    '- `no-tmp`: Programs that write temporary files fail.',
    '',
    '**`linux/amd64`**: 36 MB in 2 layers, +2.0 MB against `ghcr.io/acme/app:main`.',
    '',
    '<details>',
    '<summary>Packages: 1 added, 1 removed, 1 changed</summary>',
    '',
    '| Package |  | Before | Now | Unpacked |',
    '| --- | --- | --- | --- | --- |',
    '| `curl` | changed | `8.1` | `8.2` |  |',
    '| `gone` | removed | `1` |  | at most 4.0 MB, compressed |',
    '| `new` | added |  | `2` |  |',
    '',
    '</details>',
    '',
    '<details>',
    '<summary>New layers: 1, 6.0 MB</summary>',
    '',
    '| Layer | Size |',
    '| --- | --- |',
    '| `curl 8.2, new 2` | 6.0 MB |',
    '',
    '</details>',
    '',
    'Tags: `ghcr.io/acme/app:pr-12`, `ghcr.io/acme/app:sha-1234567`. Built from 0123456789ab. Store paths: 3 built, 120 fetched, 45 restored from the store cache. Time: Build 1 min 1 s, Push 2.5 s. [Run](https://github.com/acme/app/actions/runs/7)',
  ]);
});

test('uncommitted changes show in the short commit', () => {
  const { text } = renderSection({ ...preview, revision: `${preview.revision}-dirty` });
  assert.match(text, /Built from 0123456789ab-dirty\./);
});

test('without an image to compare with, or one of that platform, all layers are listed', () => {
  const arm = { ...before, platform: 'linux/arm64' };
  for (const base of [undefined, { reference: parseReference('ghcr.io/acme/app:main'), images: [arm] }]) {
    const { text } = renderSection({ ...preview, base });
    assert.match(text, /36 MB in 2 layers\. The base branch has no image to compare with\./);
    assert.match(text, /<summary>Layers: 2, 36 MB<\/summary>/);
  }
});

test('each platform is compared with its own', () => {
  const arm = (one: ImageSummary) => ({ ...one, platform: 'linux/arm64' });
  const base = { reference: parseReference('ghcr.io/acme/app:main'), images: [before, arm(after)] };
  const { text } = renderSection({ ...preview, images: [after, arm(after)], base });
  assert.match(text, /\*\*`linux\/amd64`\*\*: 36 MB in 2 layers, \+2\.0 MB/);
  assert.match(text, /\*\*`linux\/arm64`\*\*: 36 MB in 2 layers, the same size against/);
  assert.match(text, /No packages were added, removed or updated\.\n\nNo new layers\./);
});

test('long lists are cut, and say so', () => {
  const packages = Array.from({ length: 282 }, (_, i) => `package${i}-${i}`).join(' ');
  const many = image(layer(packages, 0), ...Array.from({ length: 119 }, (_, i) => layer(`layer${i}-1.0`, i + 1)));
  const { text } = renderSection({ ...preview, images: [many] });
  assert.match(text, /and 354 more/);
  assert.match(text, /and 100 more/);
  assert.ok(text.length < 8000, `${text.length} characters`);
  assert.ok(text.indexOf('`layer118 1.0`') < text.indexOf('`layer117 1.0`'));
  assert.doesNotMatch(text, /^\| `layer98 1.0`/m);
});

test('a comment that GitHub would not accept loses its lists first, then whole images, and says so', () => {
  const long = (name: string) => ({
    key: name,
    text: `### ${name}\n\n<details>\n<summary>Layers</summary>\n\n${'x'.repeat(9000)}\n\n</details>\n\nTags.`,
  });
  const names = Array.from({ length: 9 }, (_, i) => `image${i}`);
  let body = '';
  for (const name of names) body = withSection(body, long(name));
  assert.ok(body.length <= mostCommentCharacters, `${body.length} characters`);
  assert.deepEqual([...sectionsOf(body).keys()], names);
  assert.equal(body.match(/Packages and layers are left out/g)?.length, 2);
  assert.equal(body.match(/<details>/g)?.length, body.match(/<\/details>/g)?.length);
  const again = withSection(body, long('image8'));
  assert.equal(withSection(again, long('image8')), again, 'the same comment again is no change');

  const plain = (name: string) => ({ key: name, text: 'y'.repeat(9000) });
  for (const name of names) body = withSection(body, plain(name));
  assert.ok(body.length <= mostCommentCharacters, `${body.length} characters`);
  assert.ok(sectionsOf(body).has('image8'));
  assert.match(body, /\n\n\d more images are left out: GitHub accepts comments of at most 65,536 characters\.$/);
});

test('nothing from outside becomes Markdown, HTML, a mention or a marker', () => {
  const evil = '`</details> <!-- nix-image-action end ghcr.io/acme/app --> | @everyone\n# [x](https://evil.example) ';
  const images = [
    { platform: evil, layers: [{ ...layer('a', 1), contents: { paths: [{ path: evil }], history: evil } }] },
    { platform: evil, layers: [{ ...layer('a', 1), contents: { paths: [], history: evil } }] },
  ];
  const base = { reference: parseReference('ghcr.io/acme/app:main'), images: [{ ...before, platform: evil }] };
  const section = renderSection({ ...preview, images, base, name: evil, revision: evil });
  const outsideSpans = section.text.replaceAll(/`[^`\n]*`/g, '');
  for (const bad of ['<!--', 'everyone', 'evil', '</details> ']) assert.ok(!outsideSpans.includes(bad), bad);
  assert.ok(!section.text.includes('<!--') && !section.text.includes('\n# '));
  const body = withSection(withSection('', section), { key: 'other', text: 'text' });
  assert.deepEqual(
    [...sectionsOf(body)].sort(),
    [
      [section.key, section.text],
      ['other', 'text'],
    ].sort(),
  );
});

test('a section takes the place of its last version, the others stay', () => {
  const one = withSection('', { key: 'ghcr.io/acme/web', text: 'web 1' });
  assert.ok(one.startsWith(`${commentMarker}\n`));
  const two = withSection(one, { key: 'ghcr.io/acme/app', text: 'app 1\n\nmore' });
  const three = withSection(two.replaceAll('\n', '\r\n'), { key: 'ghcr.io/acme/web', text: 'web 2' });
  assert.deepEqual(
    [...sectionsOf(three)],
    [
      ['ghcr.io/acme/app', 'app 1\n\nmore'],
      ['ghcr.io/acme/web', 'web 2'],
    ],
  );
  assert.equal(withSection(three, { key: 'ghcr.io/acme/web', text: 'web 2' }), three);
});
