import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseImages, parseInputs } from '../../src/inputs/parse-inputs.ts';
import type { Facts } from '../../src/nix/facts.ts';
import type { KnownContent } from '../../src/oci/known-blob.ts';
import { findReuse, openPassing } from '../../src/stages/build/pass-on.ts';
import type { Publication } from '../../src/stages/publish/publication.ts';
import { dockertools, openFixtureNix } from '../nix/dockertools.ts';

type Texts = { readonly [name in InputName]?: string };

/** Whether layers may be reused without their files, if a registry knows some. */
async function mayReuse(texts: Texts, { known = 1, confirmed = 0, more = {} } = {}): Promise<boolean> {
  const given: Texts = { installable: '.', tags: 'localhost/app:1', push: 'true', ...texts };
  const inputs = parseInputs(name => given[name] ?? '');
  const publication = { ...publicationOf(known), ...more };
  return (await findReuse(inputs, publication, new Set(names(confirmed)))) !== undefined;
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `stream1:${i}`);

/** A push to a registry that knows so many layers. */
function publicationOf(known: number): Publication {
  const layers: KnownContent['layers'] = new Map(names(known).map(name => [name, []]));
  const destination = { readKnown: async () => ({ layers, configs: new Map() }) };
  return { destination } as unknown as Publication;
}

test('store paths may stay in a binary cache if layers are reused without being read', async () => {
  assert.equal(await mayReuse({ reuse: 'trust' }), true);
  assert.equal(await mayReuse({ reuse: 'trust', push: '', 'dry-run': 'true' }), true);
  assert.equal(await mayReuse({ reuse: 'trust' }, { known: 0 }), false);
  assert.equal(await mayReuse({ reuse: 'verify' }), false);
  assert.equal(await mayReuse({ reuse: 'verify' }, { confirmed: 1 }), true);
  assert.equal(await mayReuse({ reuse: 'off' }, { confirmed: 1 }), false);
});

test('whatever else needs all files needs all store paths', async () => {
  const needs: readonly Texts[] = [
    { check: 'error' },
    { 'check-reproducible': 'true' },
    { 'nix-db': 'true' },
    { load: 'true' },
    { output: 'oci:./image' },
    { sbom: 'spdx' },
  ];
  for (const texts of needs) assert.equal(await mayReuse({ reuse: 'trust', ...texts }), false, JSON.stringify(texts));
  assert.equal(await mayReuse({ reuse: 'trust' }, { more: { layout: {} } }), false);
});

test('a daemon that does not trust the user is asked once, before Nix plans anything', async t => {
  const { nix, runtime } = await openFixtureNix();
  t.after(() => runtime.close());
  const asked: string[] = [];
  const exec: typeof nix.exec = (program, args, options) => {
    asked.push(args.slice(0, 2).join(' '));
    return nix.exec(program, args, options);
  };
  // There is none, so it does not say that it does.
  const env = { ...nix.env, NIX_REMOTE: 'daemon', NIX_DAEMON_SOCKET_PATH: '/nowhere' };
  const given: Texts = { installable: 'a=.\nb=.', tags: 'localhost/{{name}}:1', push: 'true', reuse: 'trust' };
  const images = parseImages(name => given[name] ?? '');
  const opening = Promise.resolve(images.map(() => publicationOf(1)));
  const passing = openPassing({ opening, cache: undefined, nix: { ...nix, env, exec }, runtime });
  const facts = { isDerivation: true, imageName: null, hasStream: false, hasConf: false } as Facts;
  for (const [i, inputs] of images.entries()) {
    assert.equal(await passing(inputs, i)(dockertools('hello'), facts), undefined);
  }
  assert.deepEqual(asked, ['store info', 'store ping']);
  assert.equal(runtime.lines.filter(line => line.includes('trusted-users')).length, 1);
});
