import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { vectors } from '../image/golden-store.ts';
import { failureWith } from '../support/failure.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Member, writeArchive } from '../support/write-archive.ts';
import { runStory } from './run-story.ts';

const gone = '/nix/store/00000000000000000000000000000abs-gone';
const zeros = '0'.repeat(64);
/** In the store, where settings must have it. */
const customisation = `/nix/store/${randomBytes(16).toString('hex')}-customisation`;
const settings = JSON.parse(await readFile(new URL('stream/17-no-store-layers/conf.json', vectors), 'utf8'));

const layer = {
  digest: `sha256:${zeros}`,
  size: 0,
  diff_ids: `sha256:${zeros}`,
  mediatype: 'application/vnd.oci.image.layer.v1.tar',
  History: {},
};
const nix2container = { version: 1, 'image-config': {}, layers: [], arch: 'amd64', created: '0001-01-01T00:00:00Z' };
const archive: readonly Member[] = [
  [
    'config.json',
    JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [layer.diff_ids], type: 'layers' } }),
  ],
  ['layer.tar', 'other bytes'],
  ['manifest.json', JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: ['layer.tar'] }])],
];

interface Case {
  /** What the file of the image has in it. */
  readonly image: () => object | readonly Member[];
  /** The path that the Failure names, if it is not the image's. */
  readonly names?: string;
  /** What else it says. */
  readonly says: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  'settings that name a store path that is not there': {
    image: () => ({ ...settings, store_layers: [[gone]] }),
    says: ['"store_layers"', gone],
  },
  'settings that name a path outside the store': {
    image: () => ({ ...settings, store_layers: [['/etc/passwd']] }),
    says: ['"store_layers" is not a list of lists of paths in /nix/store'],
  },
  'settings of another version': {
    image: () => ({ ...settings, layer_format: 2 }),
    says: ['"layer_format"', 'is unknown'],
  },
  'settings whose top layer has not its checksum': {
    image: () => ({ ...settings, customisation_layer: customisation }),
    names: customisation,
    says: ['customisation/layer.tar (customisation_layer, its checksum next to it)', `sha256:${zeros}`],
  },
  'JSON of nix2container of another version': {
    image: () => ({ ...nix2container, version: 2 }),
    says: ['version', 'it is 2, not 1'],
  },
  'JSON of nix2container that names a store path that is not there': {
    image: () => ({ ...nix2container, layers: [{ ...layer, paths: [{ path: gone }] }] }),
    says: ['layers[0].paths[0]', `${gone} is not in the store`],
  },
  'JSON of nix2container that names a path outside the store': {
    image: () => ({ ...nix2container, layers: [{ ...layer, paths: [{ path: '/etc/passwd' }] }] }),
    says: ['layers[0].paths[0].path', '"/etc/passwd", not a path in the Nix store'],
  },
  'an archive whose layer has not the promised digest': {
    image: () => archive,
    says: ['layer.tar', `sha256:${zeros}`],
  },
};

suite('a bad image is a Failure that names file and field, and nothing is pushed', () => {
  before(async () => {
    await mkdir(customisation, { recursive: true });
    await writeFile(join(customisation, 'layer.tar'), 'other bytes');
    await writeFile(join(customisation, 'checksum'), zeros);
  });
  after(() => rm(customisation, { recursive: true }));

  for (const [name, { image, names, says }] of Object.entries(cases)) {
    test(name, async t => {
      const directory = await temporaryDirectory(t);
      const registry = await startRegistry({ directory: join(directory, 'registry') });
      t.after(() => registry.close());
      const path = join(directory, 'image');
      const content = image();
      if (Array.isArray(content)) await writeArchive(path, content);
      else await writeFile(path, JSON.stringify(content));
      const running = runStory(t, 'build', { path, tags: `${registry.host}/acme/app:1`, push: 'true' });
      await assert.rejects(running, failureWith(names ?? directory, ...says));
      const sent = registry.requests.filter(({ method }) => method === 'PUT' || method === 'PATCH');
      assert.deepEqual(sent, []);
    });
  }
});
