import { findProgram } from '../lib/process.ts';
import type { Runtime } from '../runtime.ts';
import { canBeRoot, runAsRoot } from './as-root.ts';

/** What Nix's sandbox consists of. Ubuntu 24.04 lets unprivileged users create them, but do nothing in them. */
const namespaces = ['--user', '--map-root-user', '--mount', '--pid', '--fork', '--mount-proc'];

/**
 * Whether this user's builds can be sandboxed. On a machine that is discarded after the job, this first lifts Ubuntu's
 * restriction of user namespaces. Undefined without unshare(1), which tests it.
 */
export async function openSandbox(runtime: Runtime): Promise<boolean | undefined> {
  const unshare = findProgram('unshare', runtime.env);
  if (unshare === undefined) return undefined;
  const isAllowed = async () => (await runtime.exec(unshare, [...namespaces, 'true'], { env: runtime.env })).code === 0;
  if (await isAllowed()) return true;
  if (!runtime.isDisposable || !(await canBeRoot(runtime))) return false;
  try {
    await runAsRoot(['sysctl', '-w', 'kernel.apparmor_restrict_unprivileged_userns=0'], runtime);
  } catch {
    return false;
  }
  return isAllowed();
}
