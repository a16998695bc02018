import { Failure } from '../lib/failure.ts';

/** Names of a processor in Nix, in Go (and so in image configs) and in Node. */
interface Processor {
  readonly nix: string;
  readonly go: string;
  readonly node?: string;
}

const processors: readonly Processor[] = [
  { nix: 'x86_64', go: 'amd64', node: 'x64' },
  { nix: 'aarch64', go: 'arm64', node: 'arm64' },
  { nix: 'i686', go: '386', node: 'ia32' },
  { nix: 'armv7l', go: 'arm', node: 'arm' },
  { nix: 'armv6l', go: 'arm' },
  { nix: 'riscv64', go: 'riscv64', node: 'riscv64' },
  { nix: 'powerpc64le', go: 'ppc64le', node: 'ppc64' },
  { nix: 's390x', go: 's390x', node: 's390x' },
];

/** The Nix systems that this action installs Nix on. */
const installableSystems: readonly string[] = ['x86_64-linux', 'aarch64-linux'];

/** The Nix system of a machine, `x86_64-linux`, from Node's names for platform and processor. */
function systemOf(platform: string, arch: string): string {
  return `${processors.find(({ node }) => node === arch)?.nix ?? arch}-${platform}`;
}

/** The Nix system of this machine. */
export const nixSystem = systemOf(process.platform, process.arch);

/** The architecture for the image config of a build for a Nix system; a Failure unless the system is Linux. */
export function imageArchitecture(system: string): string {
  const [name = '', kernel] = system.split('-');
  const processor = processors.find(({ nix }) => nix === name);
  if (processor !== undefined && kernel === 'linux') return processor.go;
  throw new Failure(
    `Cannot make an image of a package for ${system}: containers run Linux. Build it for a Linux system, such as x86_64-linux.`,
  );
}

/** The architecture of images that this machine runs: `amd64`. */
export const hostArchitecture = processors.find(({ node }) => node === process.arch)?.go ?? process.arch;

/** The Nix system of a machine that Nix can be installed on, from Node's names; a Failure with advice for others. */
export function installableSystem(platform: string, arch: string): string {
  const system = systemOf(platform, arch);
  if (installableSystems.includes(system)) return system;
  throw new Failure(`Cannot install Nix on ${platform} (${arch}). ${adviceFor(platform)}`);
}

function adviceFor(platform: string): string {
  if (platform === 'win32') return 'Nix does not run on Windows: use a Linux runner, or run the command in WSL.';
  if (platform === 'darwin') {
    return 'On macOS, install Nix before this step and set builders that build for Linux. Or use a Linux runner.';
  }
  return 'This action installs Nix on Linux on x86_64 and aarch64 only. Install Nix 2.8 or newer before this step.';
}
