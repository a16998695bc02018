import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { parseReference } from '../../src/oci/reference.ts';
import { type CredentialSources, type Credentials, findCredentials } from '../../src/registry/access/credentials.ts';
import { failureWith } from '../support/failure.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeProgram } from '../support/write-program.ts';

const secret = 'S3cret:with=signs';
const login = (username: string): Credentials => ({ kind: 'basic', username, password: secret });
const auth = (username: string) => ({ auth: Buffer.from(`${username}:${secret}`).toString('base64') });

interface Case {
  /** Files below HOME: text as it is, anything else as JSON. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly sources?: Omit<CredentialSources, 'env'>;
  /** Variables with HOME where `~` stands. */
  readonly env?: Readonly<Record<string, string>>;
  /** `docker-credential-NAME` on PATH, as shell scripts. */
  readonly helpers?: Readonly<Record<string, string>>;
}

/** Finds the login for a reference in a home of its own. */
async function find(t: TestContext, reference: string, { files, sources, env, helpers }: Case) {
  const home = await temporaryDirectory(t);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  for (const [name, script] of Object.entries(helpers ?? {})) {
    await writeProgram(home, `docker-credential-${name}`, script);
  }
  const variables = Object.entries(env ?? {}).map(([name, value]) => [name, value.replace('~', home)]);
  return findCredentials(parseReference(reference), {
    ...sources,
    env: { HOME: home, PATH: `${home}:/usr/bin:/bin`, ...Object.fromEntries(variables) },
  });
}

const docker = '.docker/config.json';
const podman = '.config/containers/auth.json';

suite('auths of docker', () => {
  for (const [name, reference, auths, expected] of [
    ['nobody', 'ghcr.io/acme/app', {}, undefined],
    ['a host', 'ghcr.io/acme/app', { 'ghcr.io': auth('me') }, login('me')],
    [
      'a host with a port',
      'localhost:5000/app',
      { localhost: auth('not me'), 'localhost:5000': auth('me') },
      login('me'),
    ],
    ['another host', 'ghcr.io/acme/app', { 'docker.io': auth('me'), 'ghcr.io.example': auth('me') }, undefined],
    ['a URL, as old docker wrote it', 'quay.io/acme/app', { 'https://quay.io/v2/': auth('me') }, login('me')],
    ['Docker Hub', 'acme/app', { 'https://index.docker.io/v1/': auth('me') }, login('me')],
    ['Docker Hub by host', 'app', { 'docker.io': auth('me') }, login('me')],
    ['username and password apart', 'ghcr.io/a/b', { 'ghcr.io': { username: 'me', password: secret } }, login('me')],
    ['an empty entry', 'ghcr.io/a/b', { 'ghcr.io': {} }, undefined],
    ['null', 'ghcr.io/a/b', { 'ghcr.io': null, 'https://ghcr.io/': auth('me') }, login('me')],
    ['fields that are null', 'ghcr.io/a/b', { 'ghcr.io': { auth: null, identitytoken: null } }, undefined],
    ['http://H/v2/', 'localhost:5000/a/b', { 'http://localhost:5000/v2/': auth('me') }, login('me')],
    ['https://H/', 'ghcr.io/a/b', { 'https://ghcr.io/': auth('me') }, login('me')],
    ['https://H/v1', 'ghcr.io/a/b', { 'https://ghcr.io/v1': auth('me') }, login('me')],
    ['H/', 'ghcr.io/a/b', { 'ghcr.io/': auth('me') }, login('me')],
    ['H in capitals', 'ghcr.io/a/b', { 'https://GHCR.io': auth('me') }, login('me')],
    ['H itself before its URL', 'ghcr.io/a/b', { 'https://ghcr.io/': auth('0'), 'ghcr.io': auth('me') }, login('me')],
    [
      'a URL of another host',
      'ghcr.io/a/b',
      { 'https://ghcr.io.example/': auth('me'), 'http://x/ghcr.io': auth('me') },
      undefined,
    ],
    ['a name that all objects have', 'constructor.io/a/b', {}, undefined],
    [
      'identitytoken',
      'a.azurecr.io/app',
      { 'a.azurecr.io': { ...auth('0'), identitytoken: 'refresh' } },
      { kind: 'identity', token: 'refresh' },
    ],
    ['registrytoken', 'ghcr.io/a/b', { 'ghcr.io': { registrytoken: 'bearer' } }, { kind: 'bearer', token: 'bearer' }],
  ] as const) {
    test(name, async t => assert.deepEqual(await find(t, reference, { files: { [docker]: { auths } } }), expected));
  }
});

suite('helpers of docker', () => {
  /** Answers for one server and says what docker's helpers say for others. */
  const answer = (server: string, username: string) =>
    `read server; test "$1 $server" = 'get ${server}' || { echo 'credentials not found in native keychain'; exit 1; }
     echo '{"ServerURL":"${server}","Username":"${username}","Secret":"${secret}"}'`;
  for (const [name, reference, config, server, expected] of [
    ['credHelpers by host', 'ghcr.io/acme/app', { credHelpers: { 'ghcr.io': 'test' } }, 'ghcr.io', login('me')],
    ['credHelpers of another host', 'ghcr.io/acme/app', { credHelpers: { 'quay.io': 'test' } }, 'ghcr.io', undefined],
    ['credsStore', 'ghcr.io/acme/app', { credsStore: 'test' }, 'ghcr.io', login('me')],
    ['credsStore for Docker Hub', 'acme/app', { credsStore: 'test' }, 'https://index.docker.io/v1/', login('me')],
    ['credsStore that knows nothing', 'ghcr.io/acme/app', { credsStore: 'test' }, 'quay.io', undefined],
    [
      'auths where the store knows nothing',
      'ghcr.io/acme/app',
      { credsStore: 'test', auths: { 'ghcr.io': auth('plain') } },
      'quay.io',
      login('plain'),
    ],
    [
      'credHelpers before credsStore',
      'ghcr.io/acme/app',
      { credsStore: 'missing', credHelpers: { 'ghcr.io': 'test' } },
      'ghcr.io',
      login('me'),
    ],
    [
      'an empty credsStore',
      'ghcr.io/acme/app',
      { credsStore: '', auths: { 'ghcr.io': auth('plain') } },
      'ghcr.io',
      login('plain'),
    ],
    [
      'auths where the helper of the host knows nothing',
      'ghcr.io/acme/app',
      { credHelpers: { 'ghcr.io': 'test' }, auths: { 'ghcr.io': auth('plain') } },
      'quay.io',
      login('plain'),
    ],
    [
      'credHelpers by URL',
      'ghcr.io/acme/app',
      { credHelpers: { 'https://ghcr.io/v2/': 'test' } },
      'ghcr.io',
      login('me'),
    ],
    ['credHelpers: null', 'ghcr.io/acme/app', { credHelpers: { 'ghcr.io': null } }, 'ghcr.io', undefined],
  ] as const) {
    test(name, async t => {
      const files = { [docker]: config };
      assert.deepEqual(await find(t, reference, { files, helpers: { test: answer(server, 'me') } }), expected);
    });
  }

  for (const [name, script] of [
    ['nothing', 'true'],
    ['an empty object', "echo '{}'"],
    ['empty fields', `echo '{"ServerURL":"","Username":"","Secret":""}'`],
  ] as const) {
    test(`one that answers ${name} knows nobody`, async t => {
      const files = { [docker]: { credsStore: 'test', auths: { 'ghcr.io': auth('plain') } } };
      assert.deepEqual(await find(t, 'ghcr.io/a/b', { files, helpers: { test: script } }), login('plain'));
    });
  }

  test('a token instead of a user', async t => {
    const helpers = { test: answer('a.azurecr.io', '<token>') };
    const files = { [docker]: { credHelpers: { 'a.azurecr.io': 'test' } } };
    assert.deepEqual(await find(t, 'a.azurecr.io/app', { files, helpers }), { kind: 'identity', token: secret });
  });
});

suite('auth.json of podman', () => {
  const auths = { 'quay.io': auth('host'), 'quay.io/acme': auth('namespace'), 'quay.io/acme/app': auth('repository') };
  for (const [reference, username] of [
    ['quay.io/acme/app:1', 'repository'],
    ['quay.io/acme/other', 'namespace'],
    ['quay.io/acme/app/deeper', 'repository'],
    ['quay.io/acmeapp/x', 'host'],
  ] as const) {
    test(`${reference} by its longest name`, async t => {
      assert.deepEqual(await find(t, reference, { files: { [podman]: { auths } } }), login(username));
    });
  }

  for (const [name, file, env] of [
    ['XDG_RUNTIME_DIR', 'run/containers/auth.json', { XDG_RUNTIME_DIR: '~/run' }],
    ['XDG_CONFIG_HOME', 'conf/containers/auth.json', { XDG_CONFIG_HOME: '~/conf' }],
    ['REGISTRY_AUTH_FILE', 'my-auth.json', { REGISTRY_AUTH_FILE: '~/my-auth.json' }],
  ] as const) {
    test(`by ${name}`, async t => {
      const files = { [file]: { auths: { 'quay.io': auth('me') } } };
      assert.deepEqual(await find(t, 'quay.io/app', { files, env }), login('me'));
      assert.equal(await find(t, 'quay.io/app', { files }), undefined);
    });
  }
});

suite('who comes first', () => {
  const everything: Case = {
    files: {
      [docker]: { auths: { 'ghcr.io': auth('docker') } },
      'other/config.json': { auths: { 'ghcr.io': auth('docker of DOCKER_CONFIG') } },
      [podman]: { auths: { 'ghcr.io': auth('podman') } },
    },
    sources: {
      login: { username: 'inputs', password: secret, hosts: new Set(['ghcr.io', 'quay.io']) },
      githubToken: 'token',
    },
  };
  const { files, sources } = everything;
  const githubToken = 'token';
  for (const [username, given] of [
    ['inputs', everything],
    ['docker of DOCKER_CONFIG', { files, sources: { githubToken }, env: { DOCKER_CONFIG: '~/other' } }],
    ['docker', { files, sources: { githubToken } }],
    ['podman', { files: { [podman]: files[podman] }, sources: { githubToken } }],
    ['podman', { files: { [docker]: {}, [podman]: files[podman] }, sources: { githubToken } }],
    ['podman', { files: { [docker]: '', [podman]: files[podman] }, sources: { githubToken } }],
  ] as const) {
    test(username, async t => assert.deepEqual(await find(t, 'ghcr.io/acme/app', given), login(username)));
  }

  test('the token of the workflow, for ghcr.io alone', async t => {
    const expected = { kind: 'basic', username: 'x-access-token', password: 'token' };
    assert.deepEqual(await find(t, 'ghcr.io/acme/app', { files: {}, sources: { githubToken } }), expected);
    for (const reference of ['acme/app', 'ghcr.io.example/acme/app', 'quay.io/ghcr.io/app', 'localhost:5000/app']) {
      assert.equal(await find(t, reference, { files: {}, sources: { githubToken } }), undefined);
    }
    assert.deepEqual(await find(t, 'quay.io/a/b', { files: {}, sources: sources ?? {} }), login('inputs'));
  });

  test("the login of a GitLab job, for GitLab's registry alone", async t => {
    const env = { CI_REGISTRY: 'gitlab.example.org:5050', CI_REGISTRY_USER: 'job', CI_REGISTRY_PASSWORD: secret };
    const given = { files: {}, sources: { githubToken }, env };
    assert.deepEqual(await find(t, 'gitlab.example.org:5050/acme/app', given), login('job'));
    for (const reference of ['gitlab.example.org/acme/app', 'quay.io/acme/app']) {
      assert.equal(await find(t, reference, given), undefined);
    }
    const unnamed = { ...given, env: { ...env, CI_REGISTRY_USER: '' } };
    assert.equal(await find(t, 'gitlab.example.org:5050/acme/app', unnamed), undefined);
  });

  test('the login of the inputs, for its registries alone', async t => {
    for (const reference of ['acme/app', 'ghcr.io.example/acme/app', 'quay.io:443/a/b', 'localhost:5000/quay.io/app']) {
      assert.equal(await find(t, reference, { files: {}, sources: sources ?? {} }), undefined, reference);
    }
  });
});

suite('an unreadable file is a Failure without its secrets', () => {
  const helped = { [docker]: { credsStore: 'test' } };
  for (const [name, given, ...parts] of [
    [
      'no JSON',
      { files: { [docker]: `{"auths":{"ghcr.io":{"auth":"${secret}` } },
      'config.json: it is not a JSON object',
      'Run docker login again',
    ],
    ['no JSON for podman', { files: { [podman]: `["${secret}"` } }, 'auth.json: it is not a JSON object'],
    [
      'auth without a colon',
      { files: { [docker]: { auths: { 'ghcr.io': { auth: Buffer.from('S3cret').toString('base64') } } } } },
      'not base64 of USER:PASSWORD',
      'Run docker login again',
    ],
    [
      'auth that is not base64',
      { files: { [docker]: { auths: { 'ghcr.io': { auth: secret } } } } },
      'not base64 of USER:PASSWORD',
    ],
    ['a directory', { files: { [`${docker}/x`]: '' } }, 'config.json', 'EISDIR'],
    ['no helper', { files: helped }, 'docker-credential-test, which is not on PATH'],
    [
      'a helper that fails',
      { files: helped, helpers: { test: `echo '${secret}'; echo '${secret}' >&2; exit 3` } },
      'login for ghcr.io',
      'docker-credential-test failed with exit code 3',
    ],
    [
      'a helper that fails and says why',
      {
        files: helped,
        helpers: {
          test: `printf 'no AWS credentials:\\033[2J region is missing\\n::error::x token: S3cret-x. ${'x '.repeat(3000)}'; exit 1`,
        },
      },
      'exit code 1 and said: no AWS credentials: [2J region is missing ::error::x token: *** x x',
    ],
    [
      'a helper that fails and says why on standard error',
      { files: helped, helpers: { test: `echo 'Error: no region, see https://docs.example.org.' >&2; exit 1` } },
      'exit code 1 and said: Error: no region, see https://docs.example.org.',
    ],
    [
      'a helper by path',
      { files: { [docker]: { credsStore: '../x' } } },
      '"../x"',
      'not a valid name for a credential helper',
    ],
    ['auths that are a list', { files: { [docker]: { auths: [] } } }, '"auths" is not a JSON object'],
    ['an entry that is a text', { files: { [docker]: { auths: { 'ghcr.io': 'S3cret' } } } }, 'is not a string'],
    [
      'an auth that is a number',
      { files: { [docker]: { auths: { 'ghcr.io': { auth: 5 } } } } },
      '"auth" of a registry',
    ],
    [
      'a store that is a number',
      { files: { [docker]: { credsStore: 5 } } },
      '"credsStore" must be the name of a helper',
    ],
    [
      'a helper that mumbles',
      { files: helped, helpers: { test: `echo '{"Secret":"${secret}"'` } },
      'docker-credential-test',
      'not JSON with Username and Secret',
    ],
    [
      'a helper without a user',
      { files: helped, helpers: { test: `echo '{"Secret":"${secret}"}'` } },
      'not JSON with Username and Secret',
    ],
  ] as const) {
    test(name, async t => {
      await assert.rejects(find(t, 'ghcr.io/acme/app', given), error => {
        for (let at: unknown = error; at instanceof Error; at = at.cause) {
          assert.ok(!`${at.message}${at.stack}`.includes('S3cret'), at.message);
        }
        return failureWith(...parts)(error);
      });
    });
  }
});
