import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { mediaTypes } from '../../src/oci/blob.ts';
import { actions } from '../../src/run.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { makeKeyPair } from '../support/key-pair.ts';
import { openPutter } from '../support/put-content.ts';

const flake = (name: string) => `path:${fileURLToPath(new URL(`../../${name}`, import.meta.url))}`;
/** The builders are the host's own programs. */
const common = {
  'nix-conf': 'sandbox = false\nsubstituters =\nextra-platforms = aarch64-linux',
  cache: 'false',
  created: '0',
};
const key = (name: string) => `org.opencontainers.image.base.${name}`;

async function build(t: TestContext, texts: { readonly [name in InputName]?: string }) {
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, '/');
  t.after(() => runtime.close());
  const given: typeof texts = { ...common, ...texts };
  const { images } = await actions.build([parseInputs(name => given[name] ?? '')], runtime);
  const [image] = images;
  assert.ok(image !== undefined);
  return { digest: image.root.digest, platforms: image.platforms, labels: image.platforms[0]?.labels ?? {} };
}

suite('an image on a base from a registry names it', () => {
  let registry: Distribution;
  before(async () => {
    registry = await startDistribution();
  });
  after(() => registry?.close());

  test('with the digest of the index that the name stands for', async t => {
    const name = `${registry.host}/acme/base`;
    const hello = `${flake('examples/hello')}#packages`;
    const installable = `linux/amd64=${hello}.x86_64-linux.image\nlinux/arm64=${hello}.aarch64-linux.image-stream`;
    const { secretPem, publicPem } = makeKeyPair();
    const { digest } = await build(t, { installable, tags: `${name}:1`, push: 'true', 'signing-key': secretPem });
    const label = async (base: string, texts: object = {}) =>
      (await build(t, { installable: `${flake('test/fixtures/package')}#hello`, base, ...texts })).labels;

    const byTag = await label(`${name}:1`);
    assert.equal(byTag[key('name')], `${name}:1`);
    assert.equal(byTag[key('digest')], digest);

    assert.deepEqual(await label(`${name}:1`, { 'require-key': publicPem }), byTag);

    const byBoth = await label(`${name}:1@${digest}`);
    assert.equal(byBoth[key('name')], `${name}:1`);
    assert.equal(byBoth[key('digest')], digest);

    const byDigest = await label(`${name}@${digest}`);
    assert.equal(byDigest[key('name')], `${name}@${digest}`);
    assert.equal(byDigest[key('digest')], digest);

    // The SBOM lists nothing of the base, whose layers have store paths too.
    const tags = `${registry.host}/acme/on-base:1`;
    await build(t, {
      ...{ installable: `${flake('test/fixtures/package')}#hello`, base: `${name}:1`, tags, push: 'true' },
      ...{ 'signing-key': secretPem, sbom: 'cyclonedx' },
    });
    const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
    t.after(() => runtime.close());
    const demand: { readonly [name in InputName]?: string } = {
      ...{ mode: 'verify', image: tags, 'require-key': publicPem, require: 'sbom' },
    };
    const { verified } = await actions.verify([parseInputs(input => demand[input] ?? '')], runtime);
    assert.match(verified.join(), /^sbom of linux\/amd64: cyclonedx, \d+ store paths, all listed$/);

    const deleted = await label(`${name}:1`, { labels: `!${key('digest')}\n${key('name')}=own` });
    assert.equal(deleted[key('name')], 'own');
    assert.ok(!(key('digest') in deleted));
  });

  test('and fits the platform although it names the variant that is the usual one, as Alpine does', async t => {
    const put = openPutter(registry.host, 'acme/alpine');
    const machine = { os: 'linux', architecture: 'arm64', variant: 'v8' };
    const rootfs = { type: 'layers', diff_ids: [] };
    const config = await put.blob(mediaTypes.config, JSON.stringify({ ...machine, rootfs }));
    const image = await put.manifest({ mediaType: mediaTypes.manifest, config, layers: [] });
    const listed = { ...image, platform: machine };
    await put.index([listed], '3');
    const installable = `linux/arm64=${flake('test/fixtures/package')}#packages.aarch64-linux.hello`;
    const { platforms } = await build(t, { installable, base: `${registry.host}/acme/alpine:3` });
    assert.deepEqual(
      platforms.map(({ platform }) => platform),
      ['linux/arm64/v8'],
    );
  });
});
