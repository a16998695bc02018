import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Artifact,
  artifactBlob,
  entryTypes,
  parseArtifact,
  requireSignature,
  signArtifact,
} from '../../../src/cache/oci/artifact.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { bytesOf } from '../../support/streams.ts';
import { makeSigningKey } from './signing-key.ts';

const tag = 'key.20260101T120000Z';
const index = { mediaType: entryTypes.index, digest: digestOf('paths'), size: 5 };
const artifact: Artifact = { artifactType: entryTypes.artifact, tag, layers: [index] };
const parse = async (given: Artifact) =>
  parseArtifact(Buffer.from(await bytesOf(artifactBlob(given).open())), { artifactType: entryTypes.artifact, tag });

test('of keys with the same name, each is tried', async () => {
  const [old, current, stranger] = ['cache-1', 'cache-1', 'cache-1'].map(makeSigningKey);
  const signed = await parse(signArtifact(artifact, current?.secret ?? ''));
  requireSignature(signed, [old?.public ?? '', current?.public ?? '']);
  assert.throws(() => requireSignature(signed, [old?.public ?? '', stranger?.public ?? '']), /no key in/);
});

for (const [name, signature] of Object.entries({
  'a terminal sequence in its name': `\u001b[2Jcache-1:${'A'.repeat(86)}==`,
  'a name of 4 MB': `${'n'.repeat(4e6)}:${'A'.repeat(86)}==`,
  'no name': `:${'A'.repeat(86)}==`,
  'another length': 'cache-1:AAAA',
  'two signatures': `cache-1:${'A'.repeat(86)}== cache-2:${'A'.repeat(86)}==`,
})) {
  test(`a signature with ${name} is not one of an entry`, async () => {
    await assert.rejects(parse({ ...artifact, signature }), /its manifest is not one of an entry/);
  });
}
