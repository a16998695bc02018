import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { resolveLocation } from '../../src/lib/http/resolve-location.ts';
import { failureWith } from '../support/failure.ts';

const from = (url: string, address?: string) => ({ url: new URL(url), address });
const registry = from('https://registry.example.org/v2/app/blobs/', '203.0.113.5');

suite('a Location', () => {
  for (const [location, source, expected] of [
    ['uploads/1?_state=a%2Fb', registry, 'https://registry.example.org/v2/app/blobs/uploads/1?_state=a%2Fb'],
    ['https://storage.example.net/x', registry, 'https://storage.example.net/x'],
    ['https://203.0.113.9/x', registry, 'https://203.0.113.9/x'],
    ['http://registry.example.org/x', registry, 'https://registry.example.org/x'],
    [
      'http://registry.example.org:80/x',
      from('https://registry.example.org:8443/'),
      'https://registry.example.org:8443/x',
    ],
    ['http://10.0.0.5/x', from('http://registry.corp.example/', '10.0.0.4'), 'http://10.0.0.5/x'],
    ['http://127.0.0.1:2/x', from('http://127.0.0.1:1/'), 'http://127.0.0.1:2/x'],
    ['https://storage.internal/x', from('https://registry.internal/'), 'https://storage.internal/x'],
    ['http://minio:9000/x', from('http://registry:5000/'), 'http://minio:9000/x'],
  ] as const) {
    test(`${location} of ${source.url.origin}`, () => assert.equal(resolveLocation(location, source).href, expected));
  }

  for (const [location, why] of [
    ['http://storage.example.net/x?signature=s3cret', 'to http://storage.example.net/x: https must not lead to http'],
    ['file:///etc/passwd', 'neither https nor http'],
    ['ftp://registry.example.org/', 'neither https nor http'],
    ['data:,x', 'neither https nor http'],
    ['https://[', 'not a URL'],
    ['//user@:1', 'not a URL'],
    ...[
      'localhost',
      'localhost.',
      'a.localhost',
      '127.1',
      '2130706433',
      '0',
      '10.0.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.169.254',
      '[::1]',
      '[::]',
      '[fe80::1]',
      '[fd00:ec2::254]',
      '[::ffff:10.0.0.1]',
      'metadata.google.internal',
      'Metadata.Google.Internal.',
      'printer.local',
      'metadata',
    ].map(host => [`https://${host}/x`, 'a server on the internet must not lead into a local network'] as const),
  ] as const) {
    test(`${location} is refused`, () => {
      assert.throws(
        () => resolveLocation(location, registry),
        error => {
          assert.ok(!String(error).includes('s3cret'));
          return failureWith('Cannot follow registry.example.org to', why)(error);
        },
      );
    });
  }
});
