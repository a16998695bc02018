import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { openMachine, runThere } from '../support/bare-machine.ts';
import { startDistribution } from '../support/distribution.ts';
import { openNixRelease } from '../support/nix-release.ts';
import { startReleaseServer } from '../support/release-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { root, runStep } from './run-step.ts';

test('on a self-hosted runner the tool cache of an earlier job saves the download', async t => {
  const release = await openNixRelease();
  const server = await startReleaseServer(release.directory);
  t.after(() => server.close());
  const tools = await temporaryDirectory(t);
  const install = async (environment: string) => {
    const machine = await openMachine(t);
    const { code, log } = await runStep({
      inputs: {
        installable: `path:${root}examples/hello#image`,
        cache: 'false',
        'nix-version': release.version,
        'nix-url': server.url,
        'nix-sha256': release.sha256,
        'nix-conf': 'sandbox = false\nsubstituters =',
      },
      env: { RUNNER_TOOL_CACHE: tools, RUNNER_ENVIRONMENT: environment },
      run: (command, options) => runThere(machine, command, options),
    });
    assert.equal(code, 0, log);
    return server.ranges.length;
  };
  assert.equal(await install('github-hosted'), 1);
  assert.deepEqual(await readdir(tools), [], 'a machine that is thrown away keeps nothing');
  assert.equal(await install('self-hosted'), 2);
  assert.equal(await install('self-hosted'), 2);
});

test('on a machine without Nix the step installs a release, builds and pushes; later steps have it on PATH', async t => {
  const release = await openNixRelease();
  const [server, registry, machine] = await Promise.all([
    startReleaseServer(release.directory),
    startDistribution(),
    openMachine(t),
  ]);
  try {
    const result = await runStep({
      inputs: {
        installable: `path:${root}examples/hello#image`,
        tags: `${registry.host}/installed/hello:1`,
        push: 'true',
        'nix-version': release.version,
        'nix-url': server.url,
        'nix-sha256': release.sha256,
        'nix-conf': 'sandbox = false\nsubstituters =',
      },
      run: (command, options) => runThere(machine, command, options),
    });
    assert.equal(result.code, 0, result.log);
    assert.equal(result.outputs['nix-version'], release.version, result.log);
    assert.match(result.outputs.digest ?? '', /^sha256:/);
    assert.match(result.path, /\/nix-image-action\/bin$/m);
  } finally {
    await Promise.all([server.close(), registry.close()]);
  }
});
