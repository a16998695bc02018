import { access, constants } from 'node:fs/promises';
import { hasCode, messageOf } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';
import { canBeRoot, runAsRoot } from './as-root.ts';

const device = '/dev/kvm';

/**
 * Lets every user use KVM on a machine that is discarded after the job: Nix offers the system feature `kvm` to users
 * who may read and write the device.
 */
export async function openKvm(runtime: Runtime): Promise<void> {
  try {
    await access(device, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || !runtime.isDisposable || !(await canBeRoot(runtime))) return;
    try {
      await runAsRoot(['chmod', '666', device], runtime);
      runtime.log.info('Builds may use KVM');
    } catch (problem) {
      runtime.log.info(`Builds cannot use KVM: ${messageOf(problem)}`);
    }
  }
}
