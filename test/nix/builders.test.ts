import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ToolchainInputs } from '../../src/nix/toolchain.ts';
import { type Machine, openMachine, runThere } from '../support/bare-machine.ts';
import { openStoredRelease } from '../support/nix-release.ts';
import { startReleaseServer } from '../support/release-server.ts';
import { writeProgram } from '../support/write-program.ts';
import { openThere, ownBin } from './open-there.ts';

const settings = ['build-users-group =', 'substituters =', 'sandbox = false'];

/** An image that is built only where the system feature `elsewhere` is. */
const imageFile = `derivation {
  name = "image"; system = builtins.currentSystem; requiredSystemFeatures = [ "elsewhere" ];
  builder = "/bin/sh"; args = [ "-c" "echo built elsewhere > $out" ];
}
`;

/** A release of upstream's shape on both machines. */
async function installRelease(t: TestContext, machine: Machine): Promise<Partial<ToolchainInputs>> {
  const release = await openStoredRelease();
  const server = await startReleaseServer(release.directory);
  t.after(() => server.close());
  const inputs = { nixVersion: release.version, nixUrl: server.url, nixSha256: release.sha256 };
  assert.equal((await openThere(machine, inputs)).error, undefined);
  return inputs;
}

/** The Nix of this machine's package. */
async function linkPackaged(_t: TestContext, { tools }: Machine): Promise<Partial<ToolchainInputs>> {
  for (const name of ['nix', 'nix-store', 'nix-daemon']) await symlink(`/usr/bin/${name}`, join(tools, name));
  return {};
}

/** On `machine`, an ssh that reaches `other`: it runs the command there, with nothing of the caller's environment. */
async function connect(machine: Machine, other: Machine): Promise<void> {
  const config = [...settings, 'system-features = elsewhere'].join('\\n');
  await writeProgram(
    machine.tools,
    'ssh',
    `
while [ "$1" != builder ]; do shift; done; shift
while [ "\${1#-}" != "$1" ]; do [ "$1" = -- ] && { shift; break; }; shift; done
config=$(printf '${config}')
exec unshare --mount sh -c 'mount --bind "$1" /nix; shift; exec env -i "$@"' sh '${other.nix}' \\
  HOME='${other.home}' PATH='${ownBin}:${other.tools}' NIX_CONFIG="$config" sh -c "$*"`,
  );
}

for (const [name, addNix] of Object.entries({
  'a release': installRelease,
  'the package of this machine': linkPackaged,
})) {
  for (const protocol of ['ssh', 'ssh-ng']) {
    test(`with the Nix of ${name} builders are used over ${protocol}`, async t => {
      const machine = await openMachine(t);
      const other = await openMachine(t);
      await addNix(t, other);
      const inputs = await addNix(t, machine);
      await connect(machine, other);
      await writeFile(join(machine.root, 'elsewhere.nix'), imageFile);
      const report = await openThere(
        machine,
        { ...inputs, nixConf: settings, builders: [`${protocol}://builder - - 1 1 elsewhere`] },
        { spec: { kind: 'file', file: 'elsewhere.nix' } },
      );
      assert.equal(report.error, undefined);
      assert.ok(
        report.lines.some(line => line.endsWith(`building image on ${protocol}://builder`)),
        report.lines.join('\n'),
      );
      for (const store of [machine, other]) {
        const { stdout } = await runThere(store, ['cat', report.built?.path ?? '']);
        assert.equal(stdout, 'built elsewhere\n');
      }
    });
  }
}
