import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runMode } from './run-mode.ts';

const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
const foreign = own === 'arm64' ? 'amd64' : 'arm64';

/** A layout of one image without layers. */
async function writeLayout(directory: string, architecture: string): Promise<void> {
  await mkdir(join(directory, 'blobs/sha256'), { recursive: true });
  const put = async (mediaType: string, json: object) => {
    const text = JSON.stringify(json);
    await writeFile(join(directory, 'blobs/sha256', hexOf(digestOf(text))), text);
    return { mediaType, digest: digestOf(text), size: text.length };
  };
  const rootfs = { type: 'layers', diff_ids: [] };
  const config = await put('application/vnd.oci.image.config.v1+json', { os: 'linux', architecture, rootfs });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await put(mediaType, { schemaVersion: 2, mediaType, config, layers: [] });
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
}

test('an image for another platform than this machine is noticed, unless platform names it', async t => {
  const directory = await temporaryDirectory(t);
  const notices = async (architecture: string, platform = '') => {
    const path = join(directory, architecture);
    await writeLayout(path, architecture);
    const { lines } = await runMode(t, { path, platform, created: '0' });
    return lines.filter(line => line.startsWith('notice: The image is for'));
  };
  const [notice = '', ...more] = await notices(foreign);
  assert.ok(notice.includes(`linux/${foreign}`) && notice.includes(`platform: linux/${foreign}`), notice);
  assert.deepEqual(more, []);
  assert.deepEqual(await notices(foreign, `linux/${foreign}`), []);
  assert.deepEqual(await notices(own), []);
});
