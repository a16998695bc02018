import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyAuthorization, proxyFor } from '../../src/lib/http/proxy.ts';
import { nextLinkOf } from '../../src/lib/http/read-pages.ts';
import { resolveLocation } from '../../src/lib/http/resolve-location.ts';
import { parseChallenges } from '../../src/registry/access/challenge.ts';
import { corpusLines, fuzz, mutateText } from '../support/fuzz.ts';

/** As much as a header may have. */
const long = 16_000;

test('WWW-Authenticate', () =>
  fuzz({
    run(input) {
      for (const { scheme, parameters } of parseChallenges(input.toString('latin1'))) {
        assert.equal(scheme, scheme.toLowerCase());
        for (const value of Object.values(parameters)) assert.equal(typeof value, 'string');
      }
    },
    seeds: corpusLines('challenges'),
    cases: 3000,
    mutate: mutateText([
      ',',
      '=',
      '"',
      '\\',
      ' ',
      'Bearer ',
      'realm=',
      ' '.repeat(long),
      ', '.repeat(long / 2),
      '\\"'.repeat(long / 2),
    ]),
    time: 1000,
  }));

const source = { url: new URL('https://registry.example.org/v2/app/'), address: undefined };

test('Link and Location', () =>
  fuzz({
    run(input) {
      const text = input.toString('latin1');
      const target = nextLinkOf(text);
      for (const location of [text, target]) {
        if (location !== undefined) assert.equal(resolveLocation(location, source).protocol, 'https:');
      }
    },
    seeds: corpusLines('links'),
    cases: 3000,
    mutate: mutateText([
      '<',
      '>',
      ';',
      ',',
      '"',
      'rel=',
      'next',
      'http://',
      '//',
      '..',
      '<'.repeat(long),
      '; '.repeat(long / 2),
      ' '.repeat(long),
    ]),
    time: 1000,
  }));

test('NO_PROXY', () =>
  fuzz({
    run(input) {
      const env = { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: input.toString('utf8') };
      for (const host of ['a.example.org', '10.1.2.3:5000', '[fd00::1]']) proxyFor(new URL(`https://${host}/`), env);
    },
    seeds: corpusLines('no-proxy'),
    cases: 3000,
    mutate: mutateText([
      ',',
      ' ',
      '.',
      '*',
      ':',
      '[',
      ']',
      '/',
      '/8',
      ':443',
      '::',
      ':'.repeat(2000),
      'f'.repeat(2000),
    ]),
    time: 1000,
  }));

test('the URL of a proxy', () =>
  fuzz({
    run(input) {
      try {
        const proxy = proxyFor(new URL('https://example.org/'), { HTTPS_PROXY: input.toString('utf8') });
        if (proxy === undefined) return;
        assert.match(proxy.protocol, /^https?:$/);
        proxyAuthorization(proxy);
      } catch (error) {
        assert.ok(!String(error).includes('s3cr'), 'A password is shown.');
        throw error;
      }
    },
    seeds: corpusLines('proxies'),
    cases: 3000,
    mutate: mutateText(['%', '%4', '@', ':', '//', '[', ']', 'http://', 'https:', '\n', '\ud800']),
    time: 1000,
  }));
