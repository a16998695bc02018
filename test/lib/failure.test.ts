import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure, hasCode, messageOf } from '../../src/lib/failure.ts';

test('a failure keeps its cause', () => {
  const cause = Object.assign(new Error('open'), { code: 'ENOENT' });
  const failure = new Failure('Cannot read it.', { cause });
  assert.equal(failure.cause, cause);
  assert.equal(String(failure), 'Failure: Cannot read it.');
  assert.ok(hasCode(failure, 'EACCES', 'ENOENT'), 'the code of a cause counts');
  assert.ok(!hasCode(failure, 'EACCES'));
  assert.ok(!hasCode('ENOENT', 'ENOENT'));
});

test('anything that was thrown has a message', () => {
  assert.equal(messageOf(new Error('text')), 'text');
  assert.equal(messageOf('text'), 'text');
  assert.equal(messageOf(undefined), 'undefined');
});
