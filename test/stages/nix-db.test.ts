import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ImageResult } from '../../src/report/result.ts';
import { startDistribution } from '../support/distribution.ts';
import { nixArguments } from '../support/nix-build.ts';
import { openNixVersions } from '../support/nix-versions.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runStory } from './run-story.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

let registry: Awaited<ReturnType<typeof startDistribution>>;
before(async () => {
  registry = await startDistribution({ version: 3 });
});
after(() => registry.close());

const step = (name: string) => ({
  tags: `${registry.host}/acme/${name}:1`,
  push: 'true',
  cache: 'false',
  created: '0',
  'nix-db': 'true',
});

/** Unpacks the layers of a pushed image, except /dev and the like, which no image here has. */
async function unpack({ platforms: [platform] }: ImageResult, name: string, directory: string): Promise<void> {
  for (const { descriptor } of platform?.layers ?? []) {
    const blob = await fetch(`http://${registry.host}/v2/acme/${name}/blobs/${descriptor.digest}`);
    const file = join(directory, 'layer.tar.gz');
    await writeFile(file, Buffer.from(await blob.arrayBuffer()));
    await run('tar', ['-C', directory, '--no-same-owner', '-xzPf', file, '--transform', `s,^/,${directory}/,S`]);
  }
}

/** What a database says, with paths instead of numbers, which `nix-store --load-db` gives in an order of its own. */
function contentOf(file: string) {
  const database = new DatabaseSync(file);
  try {
    const all = (query: string) => database.prepare(query).all().map(Object.values);
    return {
      paths: all('select path, hash, deriver, narSize, ultimate, sigs, ca from ValidPaths order by path'),
      refs: all(
        'select a.path, b.path from Refs join ValidPaths a on referrer = a.id join ValidPaths b on reference = b.id order by 1, 2',
      ),
      times: all('select distinct registrationTime as time from ValidPaths').flat(),
      outputs: all('select * from DerivationOutputs'),
      columns: ['ValidPaths', 'Refs', 'DerivationOutputs'].map(table => all(`pragma table_info(${table})`)),
      triggers: all("select name from sqlite_schema where type = 'trigger'"),
    };
  } finally {
    database.close();
  }
}

/** The registration that nixpkgs' `closureInfo` makes: without derivers. */
async function registrationOf(paths: readonly string[]): Promise<string> {
  const dumped = (await run('nix-store', ['--dump-db', ...paths])).split('\n');
  const lines: string[] = [];
  while (dumped.length > 4) {
    const [path, hash, size, , count] = dumped.splice(0, 5) as [string, string, string, string, string];
    lines.push(path, hash, size, '', count, ...dumped.splice(0, Number(count)));
  }
  return `${lines.join('\n')}\n`;
}

test('Nix of every version finds the store paths of a pushed package valid, and the second push sends nothing', async t => {
  const texts = { ...step('greet'), installable: `path:${fixture('sbom')}#app`, 'max-layers': '3' };
  const first = await runStory(t, 'build', texts);
  assert.equal(first.platforms[0]?.layers.length, 3);
  const second = await runStory(t, 'build', texts);
  assert.deepEqual(second.root.digest, first.root.digest);
  assert.deepEqual(new Set(second.platforms[0]?.layers.map(({ state }) => state)), new Set(['already there']));

  const directory = await temporaryDirectory(t);
  await unpack(first, 'greet', directory);
  const database = join(directory, 'nix/var/nix/db/db.sqlite');
  assert.equal(await readFile(join(directory, 'nix/var/nix/db/schema'), 'utf8'), '10');
  const ours = contentOf(database);
  const paths = ours.paths.map(([path]) => String(path));
  const app = paths.find(path => path.endsWith('-greet-1.0')) ?? '';
  const requisites = (await run('nix-store', ['--query', '--requisites', app])).trim().split('\n');
  assert.deepEqual(paths, requisites.sort());

  const loaded = join(directory, 'loaded');
  await mkdir(join(loaded, 'nix/store'), { recursive: true });
  const env = { ...process.env, NIX_REMOTE: `local?root=${loaded}` };
  await run('nix-store', ['--load-db'], { env, input: await registrationOf(paths) });
  assert.deepEqual(ours, { ...contentOf(join(loaded, 'nix/var/nix/db/db.sqlite')), times: [1] });

  for (const nix of await openNixVersions()) {
    const store = `local?root=${directory}`;
    const info = await run(nix, ['path-info', ...nixArguments, '--store', store, '--all']);
    assert.deepEqual(info.trim().split('\n').sort(), paths);
    await run(nix, ['store', 'verify', ...nixArguments, '--store', store, '--all', '--no-trust']);
    await run(nix, ['store', 'gc', ...nixArguments, '--store', store]);
    assert.deepEqual(contentOf(database).paths, ours.paths, 'roots keep everything from the garbage collector');
  }
});

test('a stream and an image of nix2container get a database too, and it leaves the SBOM complete', async t => {
  const directory = await temporaryDirectory(t);
  for (const [name, source] of Object.entries({
    stream: { installable: `path:${fixture('dockertools')}#layered` },
    nix2container: { file: 'test/fixtures/nix2container/default.nix', attr: 'image' },
  })) {
    const sbom = join(directory, `${name}.json`);
    const image = await runStory(t, 'build', { ...step(name), ...source, sbom: 'cyclonedx', 'sbom-file': sbom });
    const root = join(directory, name);
    await mkdir(root);
    await unpack(image, name, root);
    const paths = contentOf(join(root, 'nix/var/nix/db/db.sqlite')).paths.map(([path]) => String(path));
    assert.ok(
      paths.some(path => /-hello(-1\.0)?$/.test(path)),
      `${name}: ${paths}`,
    );
    const { compositions } = JSON.parse(await readFile(sbom, 'utf8')) as {
      compositions: { aggregate: string; assemblies?: string[] }[];
    };
    const ofImage = compositions.find(({ assemblies = [] }) => assemblies.includes('image'));
    // The image of nix2container has files outside the store.
    assert.equal(ofImage?.aggregate, name === 'stream' ? 'complete' : 'incomplete');
  }
});

test('an archive gets no database', async t => {
  await assert.rejects(
    runStory(t, 'build', { ...step('archive'), native: 'off', installable: `path:${fixture('dockertools')}#layered` }),
    /Cannot use nix-db for \/nix\/store\/.*: which store paths its layers contain is not known/,
  );
});
