import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseChallenges } from '../../src/registry/access/challenge.ts';

const bearer = (parameters: Record<string, string>) => ({ scheme: 'bearer', parameters });

suite('WWW-Authenticate', () => {
  for (const [name, header, ...expected] of [
    ['nothing', ''],
    [
      'ghcr.io',
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:acme/app:pull"',
      bearer({ realm: 'https://ghcr.io/token', service: 'ghcr.io', scope: 'repository:acme/app:pull' }),
    ],
    [
      'commas within quotes',
      'Bearer realm="https://auth.example/token", service="registry", scope="repository:a:pull,push repository:b:pull"',
      bearer({
        realm: 'https://auth.example/token',
        service: 'registry',
        scope: 'repository:a:pull,push repository:b:pull',
      }),
    ],
    [
      'an error',
      'Bearer realm="https://r/t",service="s",error="insufficient_scope"',
      bearer({ realm: 'https://r/t', service: 's', error: 'insufficient_scope' }),
    ],
    ['Basic', 'Basic realm="Registry Realm"', { scheme: 'basic', parameters: { realm: 'Registry Realm' } }],
    ['no parameters', 'Basic', { scheme: 'basic', parameters: {} }],
    [
      'several',
      'Basic realm="b", charset="UTF-8", Bearer realm="https://r/t",service=s, Negotiate',
      { scheme: 'basic', parameters: { realm: 'b', charset: 'UTF-8' } },
      bearer({ realm: 'https://r/t', service: 's' }),
      { scheme: 'negotiate', parameters: {} },
    ],
    [
      'words in any case, blanks anywhere',
      '  BEARER  Realm = "https://r/t" ,  SERVICE=s',
      bearer({ realm: 'https://r/t', service: 's' }),
    ],
    [
      'quoted quotes',
      'Basic realm="say \\"hello\\" \\\\"',
      { scheme: 'basic', parameters: { realm: 'say "hello" \\' } },
    ],
    ['an empty value', 'Bearer realm="https://r/t",service=""', bearer({ realm: 'https://r/t', service: '' })],
  ] as const) {
    test(name, () => assert.deepEqual(parseChallenges(header), expected));
  }
});
