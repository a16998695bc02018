import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Failure, hasCode, messageOf, sentence, stackOf } from '../../src/lib/failure.ts';

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

test('a document that is nested too deeply has a message, and no stack', () => {
  const nested: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  let thrown: unknown;
  try {
    JSON.stringify(nested);
  } catch (error) {
    thrown = error;
  }
  assert.equal(messageOf(thrown), 'Cannot read a document that is nested thousands of levels deep.');
  assert.equal(stackOf(thrown), undefined);
});

test('an error that nobody expected has its stack, a failure none', () => {
  assert.equal(stackOf(new Failure('x')), undefined);
  assert.equal(stackOf('text'), undefined);
  assert.match(stackOf(new RangeError('Invalid array length')) ?? '', /^RangeError: Invalid array length\n +at /);
});

test('a full disk is named in words', () => {
  const write = () => writeFileSync('/dev/full', 'x');
  assert.throws(write, error => {
    assert.equal(
      messageOf(error),
      'the disk or the quota of this user is full (ENOSPC: no space left on device, write)',
    );
    return true;
  });
});

test('a sentence ends with one full stop', () => {
  for (const text of ['It is so', 'It is so.', 'It is so..', 'It is so. \n']) assert.equal(sentence(text), 'It is so.');
  assert.equal(sentence('Is it?'), 'Is it?');
});
