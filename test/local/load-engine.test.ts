import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadIntoEngine } from '../../src/local/load-engine.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { archive, layeredConfig } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { open } from '../support/open-image.ts';
import { pack, tagged } from '../support/pack.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeProgram } from '../support/write-program.ts';

const references = [parseReference('ghcr.io/acme/app:1')];

async function openPacked(t: TestContext) {
  const directory = await temporaryDirectory(t);
  const { image } = await open(archive('stream.tar'), directory);
  return { image: await pack(image, directory), directory, env: { PATH: `${directory}:/usr/bin:/bin` } };
}

for (const [programs, expected] of [
  [['docker', 'podman'], 'docker'],
  [['podman'], 'podman'],
] as const) {
  test(`of ${programs.join(' and ')} the image goes to ${expected}, as an archive`, async t => {
    const { image, directory } = await openPacked(t);
    for (const name of programs) {
      await writeProgram(directory, name, `test "$*" = load && /bin/cat >'${directory}/loaded-${name}.tar'`);
    }
    assert.equal(await loadIntoEngine(tagged(image, references), { PATH: directory }), expected);
    const place = `docker-archive:${join(directory, `loaded-${expected}.tar`)}:ghcr.io/acme/app:1`;
    const config = await run('skopeo', ['inspect', '--config', '--raw', place]);
    assert.equal(image.configBlob.descriptor.digest, layeredConfig);
    assert.equal(config, Buffer.from(image.config.bytes).toString());
  });
}

test('an engine that refuses is a Failure with its words', async t => {
  const { image, directory, env } = await openPacked(t);
  await writeProgram(directory, 'docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
  const parts = ['docker load failed with exit code 1', 'Cannot connect to the Docker daemon'];
  await assert.rejects(loadIntoEngine(tagged(image, references), env), failureWith(...parts));
});

test('without an engine it is a Failure with the cure', async t => {
  const { image, directory } = await openPacked(t);
  const loading = loadIntoEngine(tagged(image, references), { PATH: directory });
  await assert.rejects(loading, failureWith('neither docker nor podman is on PATH', 'set load to false'));
});
