/**
 * Lets scanners read what this action says of an image: syft and grype read its SBOM in each format, grype finds a known
 * vulnerability there, and syft finds the store paths in the layers and in the database of Nix. Installs what it needs and
 * this machine lacks; Go builds the scanners into .cache, which takes four minutes on two cores.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sbomFormats } from '../src/sbom/sbom-document.ts';
import { grype, syft } from '../test/support/go-program.ts';
import { run } from '../test/support/run.ts';
import { writeGrypeDatabase } from '../test/support/write-grype-database.ts';
import { builtWithGo } from './install-go-program.ts';
import { debianPackages } from './install-packages.ts';
import { meetRequirements } from './requirements.ts';

const root = new URL('..', import.meta.url).pathname;
const image = `path:${root}test/fixtures/sbom#old`;

await meetRequirements([debianPackages(['nix-bin', 'nix-setup-systemd']), builtWithGo(grype), builtWithGo(syft)]);
const directory = await mkdtemp(join(tmpdir(), 'scanners-'));
const env = {
  ...process.env,
  // The builders of the fixture are programs of the machine.
  NIX_CONFIG: 'experimental-features = nix-command flakes\nsandbox = false\nsubstituters =',
  SYFT_CHECK_FOR_APP_UPDATE: 'false',
  GRYPE_CHECK_FOR_APP_UPDATE: 'false',
  GRYPE_DB_AUTO_UPDATE: 'false',
  GRYPE_DB_VALIDATE_AGE: 'false',
  GRYPE_DB_CACHE_DIR: join(directory, 'grype'),
};
const nixImage = (...args: readonly string[]) => run(process.execPath, [join(root, 'src/cli.ts'), ...args], { env });
try {
  const paths = await writeDocuments();
  await testSyft(paths);
  await testGrype();
  await testLayers(paths);
  await testDatabase(paths);
  console.log('The scanners read the SBOM and the layers as they should.');
} finally {
  await rm(directory, { recursive: true, force: true });
}

interface Component {
  readonly name: string;
  readonly version?: string;
  readonly purl: string;
  readonly cpe?: string;
  readonly 'bom-ref': string;
}

/** Writes an SBOM per format, and returns the components. */
async function writeDocuments(): Promise<readonly Component[]> {
  const layout = join(directory, 'layout');
  const file = join(directory, '{{format}}.json');
  await nixImage(
    ...['build', '--installable', image, '--tags', 'localhost/old:1', '--output', `oci:${layout}`, '--max-layers', '4'],
    ...['--sbom', sbomFormats.join(), '--sbom-file', file],
  );
  const { components } = JSON.parse(await readFile(join(directory, 'cyclonedx.json'), 'utf8'));
  assert.equal(components.length, 3);
  return components;
}

interface Artifact {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly purl: string;
  readonly cpes: readonly { readonly cpe: string }[];
  readonly metadata: { readonly path?: string; readonly outputHash?: string } | null;
}

/** What syft says, sorted. */
async function readArtifacts(...args: readonly string[]): Promise<readonly Artifact[]> {
  const { artifacts } = JSON.parse(await run(syft.path, [...args, '--quiet', '--output', 'syft-json'], { env }));
  return artifacts;
}

async function testSyft(components: readonly Component[]): Promise<void> {
  const expected = components.map(({ name, version = '', purl, cpe }) => [name, version, purl, cpe]).sort();
  for (const format of sbomFormats) {
    const artifacts = await readArtifacts('convert', join(directory, `${format}.json`));
    const read = artifacts.map(({ name, version, purl, cpes: [first] }) => [name, version, purl, first?.cpe]);
    assert.deepEqual(read.sort(), expected, `syft reads ${format}`);
  }
}

async function testGrype(): Promise<void> {
  const database = join(directory, 'vulnerability.db');
  writeGrypeDatabase(database, [
    { id: 'CVE-2014-0160', vendor: 'openssl', product: 'openssl', constraint: '>= 1.0.1, < 1.0.1g' },
    { id: 'CVE-2022-0778', vendor: 'openssl', product: 'openssl', constraint: '>= 1.0.2, < 1.0.2zd' },
    { id: 'CVE-2023-32681', vendor: 'python', product: 'requests', constraint: '< 2.31.0' },
  ]);
  await run(grype.path, ['db', 'import', database, '--quiet'], { env });
  for (const format of sbomFormats) {
    const file = join(directory, `${format}.json`);
    const { matches } = JSON.parse(await run(grype.path, [`sbom:${file}`, '--quiet', '--output', 'json'], { env }));
    const found = matches.map(
      ({ vulnerability, artifact }: { vulnerability: { id: string }; artifact: { name: string; version: string } }) =>
        `${vulnerability.id} ${artifact.name} ${artifact.version}`,
    );
    assert.deepEqual(found, ['CVE-2014-0160 openssl 1.0.1f'], `grype reads ${format}`);
  }
}

async function testLayers(components: readonly Component[]): Promise<void> {
  const artifacts = await readArtifacts('scan', `oci-dir:${join(directory, 'layout')}`);
  const found = artifacts.filter(({ type }) => type === 'nix').map(({ metadata }) => metadata?.path);
  assert.deepEqual(found.sort(), components.map(component => component['bom-ref']).sort(), 'syft reads the layers');
}

/** With `nix-db`, syft knows the hashes of the NARs, which the layers do not tell. */
async function testDatabase(components: readonly Component[]): Promise<void> {
  const layout = join(directory, 'with-database');
  await nixImage('build', '--installable', image, '--tags', 'localhost/old:1', '--output', `oci:${layout}`, '--nix-db');
  const artifacts = (await readArtifacts('scan', `oci-dir:${layout}`)).filter(({ type }) => type === 'nix');
  const found = artifacts.map(({ metadata }) => metadata?.path).sort();
  assert.deepEqual(found, components.map(component => component['bom-ref']).sort(), 'syft reads the database');
  for (const { metadata } of artifacts) assert.match(metadata?.outputHash ?? '', /^sha256:[0-9a-f]{64}$/);
}
