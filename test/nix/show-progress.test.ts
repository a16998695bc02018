import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showProgress } from '../../src/nix/show-progress.ts';

test('Nix evaluates until it builds or fetches; bytes are those of its progress', () => {
  const said: string[] = [];
  const progress = showProgress('.#image', {
    activity(name) {
      said.push(name);
      return { add: bytes => void said.push(`${name}: ${bytes}`), end: () => void said.push(`${name} ended`) };
    },
  });
  const hash = '0'.repeat(32);
  for (const event of [
    '{"action":"start","id":1,"type":101,"fields":["https://user:password@cache.example.org/nar/x.nar.xz?token=y"]}',
    '{"action":"result","id":1,"type":105,"fields":[100,400,0,0]}',
    '{"action":"result","id":1,"type":105,"fields":[400,400,0,0]}',
    '{"action":"result","id":1,"type":105,"fields":["many",400,0,0]}',
    '{"action":"stop","id":1}',
    `{"action":"start","id":2,"type":105,"fields":["/nix/store/${hash}-hello-1.0.drv"]}`,
    `{"action":"start","id":3,"type":100,"fields":["/nix/store/${hash}-glibc-2.40","https://cache.example.org","local"]}`,
    '{"action":"start","id":4,"type":105,"fields":[1]}',
    '{"action":"stop","id":2}',
    '{"action":"stop","id":99}',
    '{"action":"start"',
  ]) {
    progress.read(`@nix ${event}`);
  }
  progress.read('no JSON');
  progress.end();
  assert.deepEqual(said, [
    'evaluating .#image',
    'downloading x.nar.xz',
    'downloading x.nar.xz: 100',
    'downloading x.nar.xz: 300',
    'downloading x.nar.xz ended',
    'evaluating .#image ended',
    'building hello-1.0',
    'fetching glibc-2.40',
    'building hello-1.0 ended',
    'fetching glibc-2.40 ended',
  ]);
});
