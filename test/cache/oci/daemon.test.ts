import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runThere } from '../../support/bare-machine.ts';
import { withDaemon } from '../with-daemon.ts';
import { openEntries } from './open-entries.ts';
import { makeSigningKey } from './signing-key.ts';
import type { Outcome } from './use-entries.ts';

const nixConfig = 'substituters =\nbuild-users-group =\nsandbox = false';

test('a daemon takes a good entry of a registry from a user it trusts, and nothing from another', async t => {
  const { source, paths, use, openWithNix, read, put, commandOf } = await openEntries(t);
  const now = Date.UTC(2026, 0, 1, 12);
  const key = makeSigningKey('cache-1');
  await use(source, { key: 'good', paths, now }, { key: 'signed', paths, now, signingKey: key.secret });
  const manifest = JSON.parse(await read('good.20260101T120000Z'));
  const [index, ...groups] = manifest.layers;
  const annotations = { 'org.nix-image.entry': 'swapped.20260101T120000Z' };
  const layers = [index, ...groups.toReversed()];
  await put('swapped.20260101T120000Z', JSON.stringify({ ...manifest, layers, annotations }));

  const machine = await openWithNix();
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const trustedKeys = [key.public];
  const restore = [{ key: 'swapped' }, { key: 'good', trustedKeys }, { key: 'signed', trustedKeys }];
  const restoreBy = async (identity: readonly string[], HOME: string): Promise<Outcome[]> => {
    const { stdout, stderr } = await runThere(
      machine,
      ['sh', '-c', withDaemon, 'sh', ...identity, ...commandOf(restore)],
      { env: { NIX_CONFIG: nixConfig, NIX_REMOTE: 'daemon', HOME } },
    );
    return stdout === '' ? assert.fail(stderr) : JSON.parse(stdout);
  };
  const refused = await restoreBy(nobody, machine.plainHome);
  assert.match(refused[2]?.error ?? '', /accepts them only from trusted users/);
  for (const { error, valid, left } of refused) {
    assert.ok(error);
    assert.deepEqual([valid, left], [[], []]);
  }
  const [swapped, unsigned, signed] = await restoreBy([], machine.home);
  assert.match(swapped?.error ?? '', /damaged|truncated|extra bytes|does not match its hash|NAR/);
  assert.equal(unsigned?.error, 'it is not signed, and trusted-public-keys is set');
  for (const { valid, left } of [swapped, unsigned] as Outcome[]) assert.deepEqual([valid, left], [[], []]);
  assert.deepEqual(signed?.restored?.toSorted(), paths, signed?.error);
  assert.deepEqual([signed?.valid, signed?.left], [paths, []]);
});
