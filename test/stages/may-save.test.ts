import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { maySave } from '../../src/stages/build/save-store.ts';
import { makeSigningKey } from '../cache/oci/signing-key.ts';

test('a pull request saves where entries are separated by branch, and in a registry only if asked to', () => {
  type Texts = Readonly<Record<string, string>>;
  const may = (texts: Texts, context: Parameters<typeof maySave>[1]['context']) =>
    maySave(
      parseInputs(name => (name === 'mode' ? 'build' : (texts[name] ?? ''))),
      { context },
    );
  const [registry, pullRequest] = [{ 'cache-to': 'oci://ghcr.io/acme/cache' }, { isTrusted: true, pullRequest: 12 }];
  assert.deepEqual(
    [{}, registry].flatMap(texts => [{}, { isTrusted: true }, pullRequest].map(context => may(texts, context))),
    [false, true, true, false, true, false],
  );
  assert.equal(may({ ...registry, 'cache-save': 'true' }, pullRequest), true);
  const trusting = { 'trusted-public-keys': makeSigningKey('cache-1').public, 'cache-save': 'true' };
  assert.equal(may(trusting, {}), true);
  assert.equal(may({ ...registry, ...trusting }, {}), false, 'no run accepts what is not signed');
  assert.equal(may({ 'cache-save': 'false' }, { isTrusted: true }), false);
});
