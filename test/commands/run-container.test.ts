import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { runProgram } from '../../src/lib/process.ts';
import { compileCache } from '../support/compile-cache.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { nixArguments } from '../support/nix-build.ts';
import { runOnTerminal } from '../support/run-on-terminal.ts';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const image = `path:${fileURLToPath(new URL('../../examples/hello', import.meta.url))}#image`;
const buildFlags = nixArguments.flatMap(argument => (argument === '' ? [] : ['--build-args', argument]));

let docker: Docker;
before(async () => {
  docker = await startDocker();
});
after(() => docker.close());

const start = (...args: readonly string[]) =>
  runProgram(process.execPath, [cli, 'run', image, ...buildFlags, '--quiet', ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DOCKER_HOST: `unix://${docker.socket}`, ...compileCache },
  });

test('run builds the image, loads it and runs it', async () => {
  const { code, stdout, stderr } = await start('--', 'an argument');
  assert.deepEqual([code, stdout], [0, 'Hello from Nix\n'], stderr);
});

test('with --json the output of the container is on standard error', async () => {
  const { code, stdout, stderr } = await start('--json');
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
    const text = stripVTControlCharacters(screen);
    assert.ok(text.search(/^ {2}Push took [\d.]+ s$/m) < text.search(/Hello from Nix\r?$/m), text);
  });
}
