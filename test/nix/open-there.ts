import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { ToolchainInputs } from '../../src/nix/toolchain.ts';
import { type Machine, type MachineSetting, runThere } from '../support/bare-machine.ts';
import type { Report, Request } from './open-nix.ts';

const script = fileURLToPath(new URL('open-nix.ts', import.meta.url));
/** Where the Nix that we install is. */
export const ownBin = '/nix/var/nix/gcroots/nix-image-action/bin';

type Setting = MachineSetting & Omit<Request, 'inputs'>;

/** Opens Nix on a machine, and builds there if a spec is given. */
export async function openThere(
  machine: Machine,
  inputs: Partial<ToolchainInputs>,
  setting: Setting = {},
): Promise<Report> {
  const { setup: _setup, isOffline: _isOffline, isPlain: _isPlain, env: _env, ...offers } = setting;
  const request: Request = { inputs: { nixConf: [], ...inputs }, ...offers };
  const { stdout, stderr } = await runThere(machine, [process.execPath, script, JSON.stringify(request)], setting);
  return stdout === '' ? assert.fail(stderr) : JSON.parse(stdout);
}

/** The message of the Failure that this ends with. */
export async function failureThere(
  machine: Machine,
  inputs: Partial<ToolchainInputs>,
  setting: Setting = {},
): Promise<string> {
  const { error } = await openThere(machine, inputs, setting);
  assert.equal(error?.name, 'Failure', error?.message);
  return error?.message ?? '';
}
