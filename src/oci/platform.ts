import { Failure } from '../lib/failure.ts';

/** A platform as an index writes it. OCI image-spec, image-index.md. */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
}

const platformPattern = /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+(\.[a-z0-9]+)*)?$/;

/** Whether a text names a platform: `os/architecture[/variant]`, or another spelling of one, as in `linux/x86_64`. */
export function isPlatform(text: string): boolean {
  return platformPattern.test(normalizePlatform(text));
}

/** `os/architecture[/variant]` taken apart; `what` names the place in the error. */
export function parsePlatform(text: string, what: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  if (platformPattern.test(text)) return { architecture, os, ...(variant === undefined ? {} : { variant }) };
  throw new Failure(`Cannot read ${what}: "${text}" is not a platform. It is OS/ARCHITECTURE, as in linux/amd64.`);
}

/** Whether both name one platform: `linux/arm64` and `linux/arm64/v8` do. */
export function isSamePlatform(a: string, b: string): boolean {
  return normalizePlatform(a) === normalizePlatform(b);
}

/**
 * The candidates that run on `wanted`, of its architecture and of the closest variant; `of` gives a candidate's platform.
 * containerd/platforms, `Only`, without its fallback to another architecture.
 */
export function closestTo<T>(wanted: string, candidates: readonly T[], of: (candidate: T) => string): readonly T[] {
  for (const platform of variantsBelow(normalizePlatform(wanted))) {
    const found = candidates.filter(candidate => normalizePlatform(of(candidate)) === platform);
    if (found.length > 0) return found;
  }
  return [];
}

/** The one spelling of a platform; the usual variant is left out, but for 32-bit ARM. containerd/platforms, database.go. */
export function normalizePlatform(text: string): string {
  const [os = '', architecture = '', variant = '', ...more] = text.toLowerCase().split('/');
  return [os === 'macos' ? 'darwin' : os, ...normalizeMachine(architecture, variant), ...more]
    .filter(part => part !== '')
    .join('/');
}

function normalizeMachine(architecture: string, variant: string): [architecture: string, variant: string] {
  switch (architecture) {
    case 'i386':
      return ['386', ''];
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return ['amd64', variant === 'v1' ? '' : variant];
    case 'aarch64':
    case 'arm64':
      if (/^(8|v8|v8\.0)$/.test(variant)) return ['arm64', ''];
      return ['arm64', /^(9|9\.0|v9\.0)$/.test(variant) ? 'v9' : variant];
    case 'armhf':
      return ['arm', 'v7'];
    case 'armel':
      return ['arm', 'v6'];
    case 'arm':
      if (variant === '') return ['arm', 'v7'];
      return ['arm', /^[5-8]$/.test(variant) ? `v${variant}` : variant];
    default:
      return [architecture, variant];
  }
}

/** A platform, and below it those of its architecture whose programs it runs, the closest first. */
function variantsBelow(platform: string): string[] {
  const [os, architecture, variant = ''] = platform.split('/');
  return [platform, ...lesserVariants(architecture, variant).map(lesser => `${os}/${architecture}/${lesser}`)].map(
    normalizePlatform,
  );
}

function lesserVariants(architecture: string | undefined, variant: string): string[] {
  const [, major = 0, minor = 0] = (/^v(\d+)\.?(\d*)$/.exec(variant) ?? []).map(Number);
  if (architecture === 'amd64') return countDown(major - 1, 1).map(n => `v${n}`);
  if (architecture === 'arm') return countDown(major - 1, 5).map(n => `v${n}`);
  if (architecture !== 'arm64' || major < 8 || major > 9) return [];
  const below = countDown(minor - 1, 0).map(n => `v${major}.${n}`);
  // ARMv9.n has what ARMv8.(n+5) has; ARMv8.9 is the last one.
  return major === 8 ? below : [...below, ...countDown(Math.min(minor + 5, 9), 0).map(n => `v8.${n}`)];
}

function countDown(from: number, to: number): number[] {
  return Array.from({ length: Math.max(from - to + 1, 0) }, (_, i) => from - i);
}
