import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../src/lib/http/is-loopback.ts';

test('loopback names', () => {
  for (const host of [
    'localhost',
    'localhost:5000',
    '127.0.0.1',
    '127.1.2.3:80',
    '[::1]',
    '[::1]:5000',
    'a.localhost',
  ]) {
    assert.equal(isLoopback(host), true, host);
  }
  for (const host of [
    'ghcr.io',
    'localhost.example.com',
    '128.0.0.1',
    '127.0.0.1.example.com',
    '[::2]',
    'mylocalhost',
  ]) {
    assert.equal(isLoopback(host), false, host);
  }
});
