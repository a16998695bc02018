import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { fetchEntry } from '../../src/stages/build/restore-store.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('an entry is requested while it is looked up', async t => {
  const runtime = await openTestRuntime({}, await temporaryDirectory(t));
  t.after(() => runtime.close());
  let request: (key: string) => void = () => {};
  const requested = new Promise<string>(resolve => {
    request = resolve;
  });
  const cache = {
    find: () => requested,
    restore: async (_file: string, key: string) => {
      request(key);
      return undefined;
    },
    save: async () => true,
  };
  const [inputs] = parseImages(() => '');
  const fetched = await fetchEntry(inputs, { ...runtime, cache }).entry;
  assert.equal(fetched?.matchedKey, fetched?.key.key);
  assert.match(fetched?.refusal?.message ?? '', /did not deliver all of it/);
});
