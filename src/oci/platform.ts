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

/** Splits `os/architecture[/variant]`; `description` names the source in the error. */
export function parsePlatform(text: string, description: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  if (platformPattern.test(text)) return { architecture, os, ...(variant === undefined ? {} : { variant }) };
  throw new Failure(
    `Cannot read ${description}: "${text}" is not a platform. It is OS/ARCHITECTURE, as in linux/amd64.`,
  );
}

/** Whether both name the same platform, as `linux/arm64` and `linux/arm64/v8` do. */
export function isSamePlatform(a: string, b: string): boolean {
  return normalizePlatform(a) === normalizePlatform(b);
}

/**
 * The candidates for `wanted`; `of` returns a candidate's platform. If `wanted` names no variant of 32-bit ARM, these
 * are the candidates of the best variant that it runs: v7, else v6, else v5, as in `Only` of containerd/platforms.
 */
export function closestTo<T>(wanted: string, candidates: readonly T[], of: (candidate: T) => string): readonly T[] {
  for (const platform of acceptable(wanted)) {
    const found = candidates.filter(candidate => normalizePlatform(of(candidate)) === platform);
    if (found.length > 0) return found;
  }
  return [];
}

function acceptable(wanted: string): string[] {
  const platform = normalizePlatform(wanted);
  const [, arm = '', usual] = /^(.+\/arm\/v)(\d)$/.exec(platform) ?? [];
  if (usual === undefined || wanted.split('/').length > 2) return [platform];
  return [7, 6, 5].filter(variant => variant <= Number(usual)).map(variant => `${arm}${variant}`);
}

/**
 * The canonical spelling of a platform. It omits the default variant, except for 32-bit ARM. containerd/platforms,
 * database.go.
 */
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
