import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareConfigs } from '../../src/inspect/compare-configs.ts';
import { configOf } from '../../src/oci/config.ts';

const compare = (before: object, after: object) =>
  compareConfigs(
    configOf({ os: 'linux', architecture: 'amd64', config: before }),
    configOf({ os: 'linux', architecture: 'amd64', config: after }),
  );

test('lists of other words differ, even if they look the same', () => {
  assert.deepEqual(compare({ Cmd: ['sh', '-c', 'a'] }, { Cmd: ['sh', '-c', 'b'] }), [
    { field: 'Cmd', before: 'sh -c a', after: 'sh -c b' },
  ]);
  assert.deepEqual(compare({ Cmd: ['sh', '-c', 'a b'] }, { Cmd: ['sh', '-c', 'a', 'b'] }), [
    { field: 'Cmd', before: '["sh","-c","a b"]', after: '["sh","-c","a","b"]' },
  ]);
});

test('a variable that is set twice differs from one that is set once', () => {
  assert.deepEqual(compare({ Env: ['A=1', 'B=2'] }, { Env: ['B=2', 'A=1'] }), []);
  assert.deepEqual(compare({ Env: ['PATH=/evil', 'PATH=/bin'] }, { Env: ['PATH=/bin'] }), [
    { field: 'env PATH', before: '["PATH=/evil","PATH=/bin"]', after: '["PATH=/bin"]' },
  ]);
});
