import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basicLogin, publicUrl, secretsInUrls, withoutLogins } from '../../src/lib/http/url-login.ts';

test('passwords and tokens in URLs are found, and names that are none stay', () => {
  const text = `substituters = https://ci:s3cret%2F@cache.example.org s3://bucket?region=x
git+https://ghp_0123456789abcdef@github.com/acme/app ssh://git@github.com/x ssh-ng://builder@arm.example.org
https://git@github.com/x https://example.org/a:b@c http://u:p@ss@host/x https://:only@host`;
  assert.deepEqual(secretsInUrls(text), ['s3cret%2F', 's3cret/', 'ghp_0123456789abcdef', 'p@ss', 'only']);
  assert.equal(withoutLogins('see https://ci:s3cret@host/x@y and //a'), 'see https://***@host/x@y and //a');
  assert.equal(publicUrl('https://ci:s3cret@host/x@y?a=b'), 'https://host/x@y?a=b');
  assert.deepEqual(secretsInUrls('https://u:%zz@host'), ['%zz']);
});

test('the header for the login of a URL is of its decoded parts', () => {
  const header = basicLogin(new URL('https://ci:s%2Fcret@host'));
  assert.equal(header, `Basic ${Buffer.from('ci:s/cret').toString('base64')}`);
  assert.equal(basicLogin(new URL('https://host')), undefined);
});
