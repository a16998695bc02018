import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { runProgram } from '../../src/lib/process.ts';
import { built } from '../support/built.ts';
import { compileCache } from '../support/compile-cache.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { buildFlags } from '../support/nix-build.ts';
import { openPodman } from '../support/podman.ts';
import { runOnTerminal } from '../support/run-on-terminal.ts';

const cli = join(built, 'cli.mjs');
const image = `path:${fileURLToPath(new URL('../../examples/hello', import.meta.url))}#image`;
const shell = `path:${fileURLToPath(new URL('../fixtures/package', import.meta.url))}#shell`;

let docker: Docker;
const podmanPath = await openPodman({ after });
before(async () => {
  docker = await startDocker();
});
after(() => docker.close());

const env = () => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  DOCKER_HOST: `unix://${docker.socket}`,
  ...compileCache,
});
/** What finds podman and no docker. */
const podmanEnv = () => ({ PATH: podmanPath, HOME: process.env.HOME, ...compileCache });
const start = (environment: NodeJS.ProcessEnv, ...args: readonly string[]) =>
  runProgram(process.execPath, [cli, 'run', image, ...buildFlags, '--quiet', ...args], { env: environment });

for (const [engine, environment] of [
  ['docker', env],
  ['podman', podmanEnv],
] as const) {
  test(`run builds the image, loads it into ${engine} and runs it`, async () => {
    const { code, stdout, stderr } = await start(environment(), '--', 'an argument');
    assert.deepEqual([code, stdout], [0, 'Hello from Nix\n'], stderr);
  });

  test(`SIGINT reaches the container of ${engine}, which decides`, async () => {
    const script = 'trap "echo caught; exit 9" INT; echo ready; while :; do read -t 0.1; done';
    const child = spawn(process.execPath, [cli, 'run', shell, ...buildFlags, '--quiet', '--', '-c', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: environment(),
    });
    const [output, closed] = [text(child.stdout), once(child, 'close')];
    await once(child.stdout, 'readable');
    child.kill('SIGINT');
    assert.deepEqual([(await closed)[0], await output], [9, 'ready\ncaught\n']);
  });
}

test('with --json the output of the container is on standard error', async () => {
  const { code, stdout, stderr } = await start(env(), '--json');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Hello from Nix$/m);
  const { image: name, engine, 'exit-code': exitCode } = JSON.parse(stdout);
  assert.match(name, /^localhost\/nix-image-run:[0-9a-f]{12}$/);
  assert.deepEqual([engine, exitCode], ['docker', 0]);
});

for (const columns of [60, 120]) {
  test(`run on a terminal of ${columns} columns`, async () => {
    const { code, screen } = await runOnTerminal([process.execPath, cli, 'run', image, ...buildFlags], {
      columns,
      env: { HOME: process.env.HOME ?? '/root', DOCKER_HOST: `unix://${docker.socket}`, ...compileCache },
    });
    assert.equal(code, 0, screen);
    const shown = stripVTControlCharacters(screen);
    assert.ok(shown.search(/^ {2}Push took [\d.]+ s$/m) < shown.search(/Hello from Nix\r?$/m), shown);
  });
}
