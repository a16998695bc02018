import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatReference, isRegistryHost, parseReference } from '../../src/oci/reference.ts';
import { failureWith } from '../support/failure.ts';

suite('a reference is read as docker means it', () => {
  for (const [text, host, path, tag] of [
    ['app', 'docker.io', 'library/app', 'latest'],
    ['app:1.2', 'docker.io', 'library/app', '1.2'],
    ['acme/app', 'docker.io', 'acme/app', 'latest'],
    ['docker.io/app', 'docker.io', 'library/app', 'latest'],
    ['index.docker.io/app', 'docker.io', 'library/app', 'latest'],
    ['index.docker.io/acme/app:1', 'docker.io', 'acme/app', '1'],
    ['ghcr.io/acme/app:1.2.3-rc.1', 'ghcr.io', 'acme/app', '1.2.3-rc.1'],
    ['ghcr.io/acme/team/sub/app', 'ghcr.io', 'acme/team/sub/app', 'latest'],
    ['GHCR.io/acme/app', 'GHCR.io', 'acme/app', 'latest'],
    ['localhost/app', 'localhost', 'app', 'latest'],
    ['localhost:5000/app:x', 'localhost:5000', 'app', 'x'],
    ['localhost:5000', 'docker.io', 'library/localhost', '5000'],
    ['registry:5000/app', 'registry:5000', 'app', 'latest'],
    ['127.0.0.1:5000/a/b:c', '127.0.0.1:5000', 'a/b', 'c'],
    ['[::1]/app', '[::1]', 'app', 'latest'],
    ['[2001:db8::1]:5000/acme/app:1', '[2001:db8::1]:5000', 'acme/app', '1'],
    ['a.b/c__d/e-f/g---h/i.j_k', 'a.b', 'c__d/e-f/g---h/i.j_k', 'latest'],
    ['app:_under.Score-9', 'docker.io', 'library/app', '_under.Score-9'],
    [`app:${'t'.repeat(128)}`, 'docker.io', 'library/app', 't'.repeat(128)],
  ] as const) {
    test(text.slice(0, 60), () => {
      assert.deepEqual(parseReference(text), { host, path, tag });
      assert.equal(formatReference(parseReference(text)), `${host}/${path}:${tag}`);
    });
  }
});

suite('an invalid reference is a Failure with the value and advice', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  for (const [text, ...parts] of [
    ['Acme/app', 'repository names are lower-case; write "acme/app:latest"'],
    ['ghcr.io/Acme/App:V1', 'repository names are lower-case; write "ghcr.io/acme/app:V1"'],
    ['App', 'lower-case'],
    [`app@${digest}`, 'a push needs a tag, not a digest. Write NAME:TAG'],
    [`ghcr.io/acme/app:1@${digest}`, 'a push needs a tag, not a digest'],
    ['app:', 'a tag has 1 to 128 letters'],
    ['app:-x', 'does not start with "." or "-"'],
    ['app:.x', 'does not start with "." or "-"'],
    ['app:a b', 'a tag has 1 to 128 letters'],
    ['app:1+2', 'a tag has 1 to 128 letters'],
    [`app:${'t'.repeat(129)}`, '1 to 128'],
    [':1', 'not of the form'],
    ['ghcr.io/', 'not of the form'],
    ['/app', 'not of the form'],
    ['ghcr.io//app', 'not of the form'],
    ['ghcr.io/acme/app/', 'not of the form'],
    ['acme/_app', 'not of the form'],
    ['acme/a..b', 'not of the form'],
    ['acme/ä', 'not of the form'],
    ['a b', 'not of the form'],
    ['https://ghcr.io/acme/app', 'is not a registry host'],
    ['-x.io/app', '"-x.io" is not a registry host'],
    ['x_y.io:5000/app', '"x_y.io:5000" is not a registry host'],
    [`ghcr.io/${'a'.repeat(248)}`, 'at most 255 characters'],
  ] as const) {
    test(text.slice(0, 60), () => {
      assert.throws(() => parseReference(text), failureWith(`Cannot use the tag "${text}"`, ...parts));
    });
  }
});

test('registry hosts', () => {
  for (const host of ['ghcr.io', 'registry', 'registry:5000', '10.0.0.1', '[fe80::1]:443']) {
    assert.equal(isRegistryHost(host), true, host);
  }
  for (const host of ['', 'https://ghcr.io', 'ghcr.io/', 'a b', 'host:port', 'user@host', '::1']) {
    assert.equal(isRegistryHost(host), false, host);
  }
});
