import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from '../../src/lib/http/proxy.ts';
import { failureWith } from '../support/failure.ts';

const isProxied = (url: string, noProxy: string) =>
  proxyFor(new URL(url), { HTTPS_PROXY: 'http://proxy:1', HTTP_PROXY: 'proxy:2', NO_PROXY: noProxy }) !== undefined;

test('hosts that NO_PROXY names', () => {
  for (const [noProxy, url] of [
    ['*', 'https://example.org'],
    ['example.org', 'https://example.org'],
    ['EXAMPLE.org', 'https://example.ORG'],
    ['example.org', 'https://a.example.org'],
    ['.example.org', 'https://a.example.org'],
    ['*.example.org', 'https://a.b.example.org'],
    ['example.org:443', 'https://example.org'],
    ['example.org:80', 'http://example.org'],
    ['example.org:5000', 'https://example.org:5000'],
    ['other.org, example.org', 'https://example.org'],
    ['other.org  example.org', 'https://example.org'],
    ['[fd00::1]', 'https://[fd00::1]:5000'],
    ['fd00::1', 'https://[fd00::1]:5000'],
    ['[fd00::1]:5000', 'https://[fd00::1]:5000'],
    ['10.0.0.0/8', 'https://10.1.2.3'],
    ['10.0.0.0/8', 'https://10.1.2.3:5000'],
    ['192.168.1.77/24', 'http://192.168.1.3'],
    ['10.1.2.3/32', 'https://10.1.2.3'],
    ['0.0.0.0/0', 'https://10.1.2.3'],
    ['fd00::/8', 'https://[fd12::1]'],
    ['10.1.2.3', 'https://10.1.2.3:5000'],
    ['10.1.2.3:5000', 'https://10.1.2.3:5000'],
    ['example.org', 'https://example.org.'],
    ['other.org,*', 'https://example.org'],
  ] as const) {
    assert.equal(isProxied(url, noProxy), false, `${noProxy} and ${url}`);
  }
});

test('hosts that NO_PROXY does not name', () => {
  for (const [noProxy, url] of [
    ['', 'https://example.org'],
    [' , ', 'https://example.org'],
    ['ample.org', 'https://example.org'],
    ['a.example.org', 'https://example.org'],
    ['example.org:80', 'https://example.org'],
    ['example.org:443', 'https://example.org:5000'],
    ['example.org.', 'https://example.org'],
    ['10.0.0.0/8', 'https://11.1.2.3'],
    ['10.0.0.0/8', 'https://10.example.org'],
    ['10.0.0.0/33', 'https://10.1.2.3'],
    ['10.0.0.0/', 'https://10.1.2.3'],
    ['fd00::/8', 'https://[fe12::1]'],
    ['fd00::/129', 'https://[fd12::1]'],
    ['2.3', 'https://10.1.2.3'],
    ['10.1.2.3:80', 'https://10.1.2.3'],
    ['[fd00::1]:5001', 'https://[fd00::1]:5000'],
    [':443', 'https://example.org'],
  ] as const) {
    assert.equal(isProxied(url, noProxy), true, `${noProxy} and ${url}`);
  }
});

test('loopback goes through none', () => {
  for (const url of ['http://127.0.0.1:5000', 'https://localhost', 'https://[::1]:1']) {
    assert.equal(isProxied(url, ''), false, url);
  }
});

test('each protocol has its own, lower case wins, http:// may be left out', () => {
  const env = { HTTPS_PROXY: 'http://upper:1', https_proxy: 'https://lower:1', HTTP_PROXY: 'plain:2' };
  assert.equal(proxyFor(new URL('https://example.org'), env)?.href, 'https://lower:1/');
  assert.equal(proxyFor(new URL('http://example.org'), env)?.href, 'http://plain:2/');
  assert.equal(proxyFor(new URL('http://example.org'), { HTTPS_PROXY: 'proxy:1' }), undefined);
});

test('a stray % in a login is a Failure that does not show it', () => {
  for (const value of ['http://me:s3cret%@proxy:1', 'me%zz:s3cret@proxy:1', 'http://me:s3cret%c3@proxy:1']) {
    const find = () => proxyFor(new URL('https://example.org'), { HTTPS_PROXY: value });
    assert.throws(find, error => {
      assert.ok(!String(error).includes('s3cret'));
      return failureWith('Cannot use HTTPS_PROXY', 'Write "%" as "%25".')(error);
    });
  }
});

test('an invalid proxy is a Failure that does not show its value', () => {
  for (const value of ['socks5://me:s3cret@proxy:1', 'http://me:s3cret@proxy:port']) {
    const find = () => proxyFor(new URL('https://example.org'), { HTTPS_PROXY: value });
    assert.throws(find, error => failureWith('Cannot use HTTPS_PROXY')(error) && !String(error).includes('s3cret'));
  }
});
