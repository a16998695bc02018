import assert from 'node:assert/strict';
import { Failure } from '../../src/lib/failure.ts';

/** For assert.throws and assert.rejects: a Failure whose message has all these parts. */
export function failureWith(...parts: readonly string[]): (error: unknown) => true {
  return error => {
    assert.ok(error instanceof Failure, `not a Failure: ${error instanceof Error ? error.stack : error}`);
    for (const part of parts) assert.ok(error.message.includes(part), `"${part}" is not in: ${error.message}`);
    return true;
  };
}
