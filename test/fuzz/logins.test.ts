import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findCredentials } from '../../src/registry/access/credentials.ts';
import { fuzz, mutateJson } from '../support/fuzz.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const config = {
  auths: {
    'ghcr.io': { auth: btoa('me:secret'), identitytoken: 'x', registrytoken: '', username: 'me', password: 'secret' },
    'https://ghcr.io/v2/': { auth: null },
    'ghcr.io/acme': null,
  },
  credHelpers: { 'ghcr.io': 'test' },
  credsStore: 'test',
};

test("Docker's config", async t => {
  const directory = await temporaryDirectory(t);
  // No credential helper is on PATH.
  const env = { HOME: directory, DOCKER_CONFIG: directory, PATH: '' };
  await fuzz({
    run(input) {
      writeFileSync(join(directory, 'config.json'), input);
      return findCredentials({ host: 'ghcr.io', path: 'acme/app' }, { env });
    },
    seeds: [config, { auths: config.auths }, {}].map(json => Buffer.from(JSON.stringify(json))),
    cases: 2000,
    mutate: mutateJson,
  });
});
