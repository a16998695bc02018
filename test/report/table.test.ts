import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { tableOf } from '../../src/report/table.ts';
import { resultWith, sampleResult } from './sample-result.ts';

test('the result as columns', () => {
  assert.equal(
    tableOf(sampleResult),
    `image     ghcr.io/acme/app:1.2
          docker.io/acme/app:latest
digest    ${digestOf('manifest')}
image id  ${digestOf('config')}
platform  linux/amd64
created   2026-01-31T12:00:00Z
size      42 MB in 3 layers
uploaded  83 kB

labels
  title  Hello
  text   a | b, \`c\` <b>\\nsecond line

layers
  glibc 2.40           42 MB  already there
  a 1, b 2 and 3 more  82 kB  uploaded
  COPY | app           82 kB  uploaded`,
  );
});

test('a label is shown as it is, but on one line and without what a terminal obeys', () => {
  const labels = { '\u001b[2Jk\ney': 'says "so" \\ and\u001b[31m\nmore' };
  const text = tableOf(resultWith({}, { labels }));
  assert.ok(text.includes('  \\u001b[2Jk\\ney  says "so" \\ and\\u001b[31m\\nmore\n'), text);
});

test('nothing pushed, nothing known', () => {
  const text = tableOf(resultWith({ references: [], pushed: false }, { created: undefined, labels: {}, layers: [] }));
  assert.ok(text.includes('created   not set\n'));
  assert.ok(text.includes('uploaded  nothing (not pushed)\n'));
  assert.ok(text.startsWith('digest '));
});
