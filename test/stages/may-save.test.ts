import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { maySave } from '../../src/stages/build/save-store.ts';

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
  assert.equal(may({ 'cache-save': 'false' }, { isTrusted: true }), false);
});
