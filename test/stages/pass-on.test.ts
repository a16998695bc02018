import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import type { KnownContent } from '../../src/oci/known-blob.ts';
import { findReuse } from '../../src/stages/build/pass-on.ts';
import type { Publication } from '../../src/stages/publish/publication.ts';

type Texts = { readonly [name in InputName]?: string };

/** Whether layers may be reused without their files, if a registry knows some. */
async function mayReuse(texts: Texts, { known = 1, confirmed = 0, more = {} } = {}): Promise<boolean> {
  const given: Texts = { installable: '.', tags: 'localhost/app:1', push: 'true', ...texts };
  const inputs = parseInputs(name => given[name] ?? '');
  const names = (count: number) => Array.from({ length: count }, (_, i) => `stream1:${i}`);
  const layers: KnownContent['layers'] = new Map(names(known).map(name => [name, []]));
  const destination = { readKnown: async () => ({ layers, configs: new Map() }) };
  const publication = { destination, ...more } as unknown as Publication;
  return (await findReuse(inputs, publication, new Set(names(confirmed)))) !== undefined;
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
