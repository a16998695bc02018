import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openNix2container } from '../../src/image/nix2container/open-nix2container.ts';
import { writeOutput } from '../../src/local/write-output.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { startDocker } from '../support/docker.ts';
import { nixArguments } from '../support/nix-build.ts';
import { tagged } from '../support/pack.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid } from '../support/validate-image.ts';

const fixture = fileURLToPath(new URL('../fixtures/nix2container/default.nix', import.meta.url));

/** Builds the JSON of the fixture, whose digests come from tars that its builder wrote itself. */
async function buildImage(): Promise<string> {
  const built = await run('nix', ['build', ...nixArguments, '--no-link', '--json', '--file', fixture, 'image']);
  const [{ outputs }] = JSON.parse(built) as [{ outputs: { out: string } }];
  return outputs.out;
}

test('an image that Nix built in this shape: loaded and run by docker', async t => {
  const path = await buildImage();
  const image = await openNix2container({ path });
  assert.equal(image.layers.length, 3);
  const directory = await temporaryDirectory(t);
  const packed = await packValid(image, directory);
  assert.deepEqual(packed.config.bytes, image.config.bytes, 'the digests of the JSON hold');

  const archive = join(directory, 'image.tar');
  await writeOutput(tagged(packed, [parseReference('localhost/hello:1')]), { kind: 'docker-archive', path: archive });
  const docker = await startDocker();
  t.after(() => docker.close());
  await docker.run('load', '--input', archive);
  assert.equal(await docker.run('run', '--rm', '--network=none', 'localhost/hello:1'), 'Hello from Nix\n');
  const container = (await docker.run('create', '--network=none', 'localhost/hello:1')).trim();
  await docker.run('export', '--output', join(directory, 'files.tar'), container);
  const files = await run('tar', ['--list', '--verbose', '--numeric-owner', '--file', join(directory, 'files.tar')]);
  assert.match(files, /^drwxr-x--- 1000\/100 .* bin\/$/m, 'perms');
  assert.match(files, /^-rw.* etc\/base$/m, 'the base image');
});
