import { Failure } from '../lib/failure.ts';

const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Nix's name of a machine that Nix can be installed on, of Node's names for it; a Failure says what works elsewhere. */
export function installableSystem(platform: string, arch: string): string {
  const architecture = architectures[arch];
  if (platform === 'linux' && architecture !== undefined) return `${architecture}-linux`;
  throw new Failure(`Cannot install Nix on ${platform} (${arch}). ${adviceFor(platform)}`);
}

function adviceFor(platform: string): string {
  if (platform === 'win32') return 'Nix does not run on Windows: use a Linux runner, or run the command in WSL.';
  if (platform === 'darwin') {
    return 'On macOS, install Nix before this step and set builders that build for Linux. ' + 'Or use a Linux runner.';
  }
  return 'This action installs Nix on Linux on x86_64 and aarch64 only. Install Nix 2.8 or newer before this step.';
}
