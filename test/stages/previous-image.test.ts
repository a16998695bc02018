import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatReference } from '../../src/oci/reference.ts';
import { compareImages } from '../../src/report/compare-images.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { archive } from '../support/archives.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runMode } from './run-mode.ts';

test('a push is compared with the image that the tag pointed to, whose config is read only if layers differ', async t => {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const tags = `${registry.host}/acme/app:main`;
  const push = (name: string) => runMode(t, { path: archive(name), tags, push: 'true' });
  const first = await push('layered.tar.gz');
  assert.equal(first.image.previous, undefined);
  const other = await push('buildImage.tar.gz');
  const { reference, images: [before] = [] } = other.image.previous ?? {};
  assert.equal(reference && formatReference(reference), tags);
  const [now] = other.image.platforms;
  assert.ok(before !== undefined && now !== undefined);
  assert.deepEqual(
    before.layers.map(({ descriptor }) => descriptor.digest),
    first.image.platforms[0]?.layers.map(({ descriptor }) => descriptor.digest),
  );
  assert.ok(compareImages(before, now).newLayers.length > 0);
  assert.match(summaryOf(other.result), new RegExp(`Since the last \`${tags}\``));

  const reads = () => registry.requests.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/'));
  const readBefore = reads().length;
  const again = await push('buildImage.tar.gz');
  assert.equal(reads().length, readBefore);
  assert.match(summaryOf(again.result), /: the same layers\.\n/);
});

test('the stages of a run have durations', async t => {
  const { result } = await runMode(t, { path: archive('layered.tar.gz') });
  assert.deepEqual(
    result.stages?.map(({ name }) => name),
    ['Metadata', 'Image', 'Push'],
  );
  assert.ok(result.stages?.every(({ milliseconds }) => milliseconds >= 0));
});
