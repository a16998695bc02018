import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { namesHost } from '../../src/lib/http/names-host.ts';

suite('a list of hosts', () => {
  for (const [listed, host, expected] of [
    ['registry.example.org', 'registry.example.org', true],
    ['Registry.Example.ORG', 'registry.example.org', true],
    ['registry.example.org', 'REGISTRY.example.org:443', true],
    ['registry.example.org:443', 'registry.example.org', true],
    ['registry.example.org:80', 'registry.example.org', true],
    ['registry.example.org:80', 'registry.example.org:443', false],
    ['registry.example.org', 'registry.example.org:5000', false],
    ['registry.example.org:5000', 'registry.example.org:5000', true],
    ['registry.example.org:5000', 'registry.example.org', false],
    ['example.org', 'registry.example.org', false],
    ['[::1]', '[::1]:443', true],
    ['[::1]', '[::1]:5000', false],
  ] as const) {
    test(`with ${listed} ${expected ? 'names' : 'does not name'} ${host}`, () => {
      assert.equal(namesHost([listed], host), expected);
    });
  }
});
