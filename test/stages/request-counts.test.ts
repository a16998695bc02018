import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { archive } from '../support/archives.ts';
import { startDistribution } from '../support/distribution.ts';
import { startRequestLog } from '../support/request-log.ts';
import { runMode, type Texts } from './run-mode.ts';

test('the requests that docs/scale.md counts', async t => {
  const distribution = await startDistribution();
  t.after(() => distribution.close());
  const { host, requests } = await startRequestLog(t, distribution.host);
  const repository = `${host}/acme/app`;
  const tags = `${repository}:1`;
  const image = { path: archive('layered.tar.gz'), push: 'true' };
  let descriptor = '';
  const counted: (readonly [string, number])[] = [];
  const count = async (name: string, texts: Texts) => {
    const before = requests.length;
    ({ descriptor = '' } = (await runMode(t, texts)).outputs);
    counted.push([name, requests.length - before]);
  };
  await count('first push of the image, one tag', { ...image, tags, labels: 'a=1' });
  await count('the same image again', { ...image, tags, labels: 'a=1' });
  await count('the same layers with new labels, such as those of a new commit', { ...image, tags, labels: 'a=2' });
  await count('the same, with two tags', { ...image, tags: `${tags}\n${repository}:2`, labels: 'a=3' });
  await count('promotion of an image in the same repository', {
    mode: 'promote',
    from: tags,
    tags: `${repository}:stable`,
    push: 'true',
  });
  const byDigest = { 'push-by-digest': 'true', tags: repository, labels: 'a=4' } as const;
  await count('push by digest of known layers', { ...image, ...byDigest });
  await count('index of one such image', {
    mode: 'index',
    sources: descriptor,
    platform: 'linux/amd64',
    tags: `${repository}:multi`,
    push: 'true',
  });
  const document = await readFile(new URL('../../docs/scale.md', import.meta.url), 'utf8');
  const shown = [...document.matchAll(/^\| (.+) \| (\d+) \|$/gm)].map(([, name, number]) => [name, Number(number)]);
  assert.deepEqual(counted, shown);
});
