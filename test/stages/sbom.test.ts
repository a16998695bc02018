import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runSbom } from '../../src/commands/run-sbom.ts';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { actions } from '../../src/run.ts';
import { describeGaps, type InventoryPath, type SbomSubject } from '../../src/sbom/inventory.ts';
import { type SbomFormat, sbomFormats, sbomOf } from '../../src/sbom/sbom-document.ts';
import { describeBuild } from '../../src/stages/sbom/describe-subject.ts';
import { buildFixture, dockertools, openFixtureNix } from '../nix/dockertools.ts';
import { assertValid } from '../sbom/validate-sbom.ts';
import { archive } from '../support/archives.ts';
import { startDistribution } from '../support/distribution.ts';
import { makeKeyPair } from '../support/key-pair.ts';
import { nixArguments } from '../support/nix-build.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runStory } from './run-story.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

let opened: Awaited<ReturnType<typeof openFixtureNix>>;
let registry: Awaited<ReturnType<typeof startDistribution>>;
before(async () => {
  opened = await openFixtureNix();
  registry = await startDistribution({ version: 3 });
});
after(async () => {
  await registry.close();
  await opened.runtime.close();
});

const texts: Readonly<Record<string, string>> = {
  mode: 'build',
  'nix-conf': 'sandbox = false\nsubstituters =',
  cache: 'false',
};

/** Describes an image, and checks its documents by the schemas. */
async function describe(name: string): Promise<SbomSubject> {
  const { runtime } = opened;
  // No registry is asked.
  const access = { insecureRegistries: [], env: {}, log: runtime.log } as never;
  const subject = await describeBuild(
    name,
    parseInputs(input => texts[input] ?? ''),
    { runtime, access },
  );
  for (const format of sbomFormats) await assertValid(format, await sbomOf(format, subject));
  return subject;
}

const pathsOf = ({ inventory }: SbomSubject) => inventory.paths.map(({ path }) => path);

async function closureOf(...paths: readonly string[]): Promise<string[]> {
  const lines = await run('nix-store', ['--query', '--requisites', ...paths]);
  return [...new Set(lines.trim().split('\n'))].sort();
}

test('the components of a package are its closure, with sources, patches, licence and outputs', async () => {
  const subject = await describe(`path:${fixture('sbom')}#app`);
  const [app] = pathsOf(subject).filter(path => path.endsWith('-greet-1.0'));
  assert.deepEqual(pathsOf(subject), await closureOf(app ?? ''));
  const of = (name: string) => subject.inventory.paths.find(path => path.name === name) as InventoryPath;
  const narHash = (await run('nix-store', ['--query', '--hash', app ?? ''])).trim();
  const [base16] = [(await run('nix', ['hash', 'to-base16', ...nixArguments.slice(0, 2), narHash])).trim()];
  assert.equal(of('greet').registration?.narHash, base16);
  assert.deepEqual(of('greet').meta, { licenses: ['MIT'], homepage: 'https://example.org/greet' });
  assert.deepEqual(of('greet').registration?.references, [of('libgreet').path, of('requests').path].sort());

  const { version, output, sources, patches, purl, meta } = of('libgreet');
  assert.deepEqual(meta?.licenses, ['LGPL-2.1-or-later', 'Greeting License']);
  assert.deepEqual([version, output], ['2.1', 'out']);
  assert.equal(sources[0]?.url, 'https://example.org/libgreet-2.1.tar.gz');
  assert.deepEqual(
    patches.map(({ path, url, hash }) => [path.replace(/^.{44}/, ''), url, hash?.algorithm]),
    [
      ['CVE-2026-1.patch', 'https://example.org/CVE-2026-1.patch?full_index=1', 'sha256'],
      [patches[1]?.path.replace(/^.{44}/, ''), undefined, undefined],
    ],
  );
  assert.match(
    decodeURIComponent(purl),
    /^pkg:generic\/libgreet@2\.1\?checksum=sha256:30b41a25.*&download_url=https:\/\/example\.org/,
  );
  assert.equal(of('requests').purl, 'pkg:pypi/requests@2.32.3');
});

test('a stream and its archive have the components that the settings name', async () => {
  const stream = await describe(`path:${fixture('dockertools')}#layered.stream.conf`);
  const archive = await describe(await buildFixture(opened, dockertools('layered')));
  const hello = pathsOf(stream).filter(path => path.endsWith('-hello-1.0'));
  assert.deepEqual(pathsOf(stream), await closureOf(...hello));
  assert.deepEqual(pathsOf(archive), pathsOf(stream));
  assert.deepEqual([stream.inventory.base, stream.inventory.hasUnknownLayers], [undefined, false]);
});

test('an archive of another machine has the components of its layers, by name, and states what is unknown', async () => {
  const { inventory } = await describe(archive('layered.tar.gz'));
  assert.ok(inventory.paths.length > 1);
  for (const { name, registration, sources, drvPath } of inventory.paths) {
    assert.notEqual(name, '');
    assert.deepEqual([registration, sources, drvPath], [undefined, [], undefined]);
  }
  const { length } = inventory.paths;
  assert.deepEqual(describeGaps(inventory), [
    'Files outside of store paths are not listed.',
    'Store paths known only by name, without hash, references and sources: ' +
      `${length} of ${length}, such as ${inventory.paths[0]?.path}.`,
  ]);
});

test('nix2container has the components of its layers, also of what goes to the root, on an unknown base', async t => {
  const { runtime, nix } = opened;
  const path = await buildFixture({ nix, runtime }, { kind: 'file', file: 'nix2container/default.nix', attr: 'image' });
  const subject = await describe(path);
  const root = pathsOf(subject).filter(one => one.endsWith('-root'));
  assert.equal(root.length, 1);
  assert.deepEqual(pathsOf(subject), await closureOf(...root));
  assert.ok(subject.inventory.base !== undefined && 'diffIds' in subject.inventory.base);
  assert.equal(subject.inventory.base.diffIds.length, 1);

  const { secretPem, publicPem } = makeKeyPair();
  const tags = `${registry.host}/acme/n2c:1`;
  const signed = { push: 'true', created: '0', cache: 'false', sbom: 'spdx', 'signing-key': secretPem };
  await runStory(t, 'build', { path, tags, ...signed });
  const demand: Readonly<Record<string, string>> = {
    mode: 'verify',
    image: tags,
    'require-key': publicPem,
    require: 'sbom',
  };
  const { verified } = await actions.verify([parseInputs(name => demand[name] ?? '')], runtime);
  assert.match(
    verified.join(),
    /spdx, \d+ store paths, all listed; outside the store: the files of \/nix\/store\/\S+-root$/,
  );
});

test('an unsigned bill of materials is attached before the tag moves, once, and written to a file', async t => {
  const directory = await temporaryDirectory(t);
  const step = {
    installable: `path:${fixture('sbom')}#app`,
    tags: `${registry.host}/acme/greet:1`,
    push: 'true',
    cache: 'false',
    created: '0',
    sbom: 'cyclonedx,spdx',
    'sbom-file': `${directory}/{{platform}}/{{format}}.json`,
  };
  const { root } = await runStory(t, 'build', step);
  await runStory(t, 'build', step);
  const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';
  const [platform = ''] = await readdir(directory);
  for (const [format, mediaType] of [
    ['cyclonedx', 'application/vnd.cyclonedx+json'],
    ['spdx', 'application/spdx+json'],
  ] as const) {
    const text = await readFile(`${directory}/${platform}/${format}.json`, 'utf8');
    await assertValid(format, text);
    assert.ok(text.includes(root.digest));
    const get = (path: string) => fetch(`http://${registry.host}/v2/acme/greet/${path}`, { headers: { accept } });
    const index = await get(`manifests/${root.digest.replace(':', '-')}`);
    const { manifests } = (await index.json()) as { manifests: { artifactType: string; digest: string }[] };
    assert.equal(manifests.length, 2);
    const found = manifests.find(({ artifactType }) => artifactType === mediaType);
    const manifest = await get(`manifests/${found?.digest}`);
    const { layers } = (await manifest.json()) as { layers: { digest: string }[] };
    const blob = await get(`blobs/${layers[0]?.digest}`);
    assert.equal(await blob.text(), text);
  }
});

test('the command prints what is attached to a reference, signed or not, else what its layers show', async t => {
  const directory = await temporaryDirectory(t);
  const step = { installable: `path:${fixture('sbom')}#app`, push: 'true', cache: 'false', created: '0' };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const push = (name: string, texts: Readonly<Record<string, string>>) =>
    runStory(t, 'build', {
      ...step,
      ...texts,
      tags: `${registry.host}/acme/${name}:1`,
      ...(texts.sbom === undefined ? {} : { 'sbom-file': `${directory}/${name}.json` }),
    });
  const print = async (name: string, format: string) => {
    const lines = opened.runtime.lines.length;
    const call = { flags: { format }, parameters: [`${registry.host}/acme/${name}:1`] };
    const { text, json } = await runSbom(call as never, opened.runtime);
    assert.deepEqual(JSON.parse(text), json);
    await assertValid(format as SbomFormat, text);
    return { text, notes: opened.runtime.lines.slice(lines).filter(line => line.startsWith('notice: ')) };
  };
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const signed = await push('signed', { sbom: 'spdx', 'signing-key': pem });
  await push('unsigned', { sbom: 'cyclonedx' });
  for (const [name, format] of [
    ['signed', 'spdx'],
    ['unsigned', 'cyclonedx'],
  ] as const) {
    const { text, notes } = await print(name, format);
    assert.equal(`${text}\n`, await readFile(`${directory}/${name}.json`, 'utf8'));
    assert.match(notes.join(), /^notice: Attached to sha256:[0-9a-f]{64} \(linux\/\w+\)\. nix-image verify checks/);
  }

  const { text, notes } = await print('signed', 'cyclonedx');
  const { components, metadata } = JSON.parse(text);
  assert.deepEqual(components.map(({ name, version, hashes }: Component) => [name, version, hashes]).sort(), [
    ['greet', '1.0', undefined],
    ['libgreet', '2.1', undefined],
    ['python3.13-requests', '2.32.3', undefined],
  ]);
  const { digest } = signed.platforms[0]?.manifest ?? {};
  assert.equal(metadata.component.version, digest);
  assert.deepEqual(notes.length, 2);
  assert.match(notes[0] ?? '', /No SBOM in cyclonedx is attached to sha256:.* so this one is made from its layers\./);
  assert.match(notes[1] ?? '', /known only by name, without hash, references and sources: 3 of 3/);
});

interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes?: unknown;
}
