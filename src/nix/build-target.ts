/** What to build: an installable (`.#image`), or an attribute of a Nix file (the file itself without `attr`). */
export type BuildTarget =
  | { readonly kind: 'installable'; readonly installable: string }
  | { readonly kind: 'file'; readonly file: string; readonly attr?: string };

export interface BuildInputs {
  readonly target: BuildTarget;
  /** Additional arguments of `nix build`. */
  readonly buildArgs: readonly string[];
  /** Whether the evaluation may read the environment. */
  readonly impure: boolean;
}

/** Experimental features that our Nix commands need. */
export const features: readonly string[] = ['--extra-experimental-features', 'nix-command flakes'];

/** The last arguments of a Nix command that takes an installable: how it is evaluated, and which one it is. */
export function targetArguments({ target, buildArgs, impure }: BuildInputs): string[] {
  return [
    ...(impure ? ['--impure'] : []),
    ...(target.kind === 'file' ? ['--file', target.file] : []),
    ...buildArgs,
    '--',
    ...(target.kind === 'installable' ? [target.installable] : target.attr === undefined ? [] : [target.attr]),
  ];
}

/** Names a target in errors. */
export function describeTarget(target: BuildTarget): string {
  if (target.kind === 'installable') return target.installable;
  return target.attr === undefined ? target.file : `${target.attr} of ${target.file}`;
}
