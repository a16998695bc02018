import type { Origin } from '../../attest/read-provenance.ts';
import type { InputName } from '../../inputs/input-table.ts';
import type { Inputs, PlatformBuild } from '../../inputs/inputs.ts';
import { isPath } from '../../inputs/is-path.ts';
import { parseInputs } from '../../inputs/parse-inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { oneLine } from '../../lib/printable.ts';
import { baseImageName } from '../open/base-image-name.ts';

/**
 * The inputs of the step that are used again. Others do not change layers or config. This machine's own settings of Nix
 * apply, not those of the signer.
 */
const shaping = [
  ...(['installable', 'file', 'attr', 'native', 'prefer-stream', 'image-name', 'config', 'contents', 'user'] as const),
  ...(['base', 'layering', 'max-layers', 'nix-db'] as const),
] satisfies readonly InputName[];

/**
 * Inputs that prevent a second build: nothing was built, the checkout alone does not repeat the build, or they would
 * change the settings of this machine.
 */
const refused = ['path', 'from', 'sources', 'build-args', 'impure'] as const satisfies readonly InputName[];

/**
 * The inputs with which an image of this origin is built again: those that shape it, and the settings for Nix and
 * registries of this run. A Failure if the origin leaves open what was built.
 */
export function inputsOf({ inputs: given, name, base: digest }: Origin, inputs: Inputs): Inputs {
  const found = refused.filter(one => given[one] !== undefined && given[one] !== 'false');
  if (found.length > 0) {
    throw new Failure(`Cannot build the image again: by its provenance it was built with ${found.join(' and ')}.`);
  }
  const texts: { readonly [name in InputName]?: string } = {
    ...Object.fromEntries(shaping.map(one => [one, given[one] ?? ''])),
    mode: 'build',
    cache: 'false',
    'check-reproducible': 'true',
  };
  const { builds, base, ...own } = parseInputs(one => texts[one] ?? '', name);
  const sources = own.contents.map(installable => ({ kind: 'installable', installable }) as const);
  for (const source of [...builds.map(one => one.source), ...sources]) expectInCheckout(source);
  if (base !== undefined && isPath(base) && !isBelow(base)) throw elsewhere(base);
  const { nix, githubToken, insecureRegistries, platforms } = inputs;
  const wanted = builds.filter(
    ({ platform }) => platforms.length === 0 || platform === undefined || platforms.includes(platform),
  );
  return {
    ...own,
    ...(base === undefined ? {} : { base: pinnedBase(base, digest) }),
    ...(githubToken === undefined ? {} : { githubToken }),
    builds: wanted,
    nix,
    insecureRegistries,
  };
}

/** The commit says what is in the checkout; nothing says what another flake was. */
function expectInCheckout(source: PlatformBuild['source']): void {
  if (source.kind === 'file' && isBelow(source.file)) return;
  const [flake = ''] = source.kind === 'installable' ? source.installable.split('#') : [];
  if (source.kind === 'installable' && isBelow(flake) && flakeInCheckout.test(flake)) return;
  throw elsewhere(
    source.kind === 'installable' ? source.installable : source.kind === 'file' ? source.file : source.path,
  );
}

/** Empty, `.`, `./sub` or `.?dir=sub`; Nix would look up a plain name in the flake registry. */
const flakeInCheckout = /^(?:\.(?:\/[^?#]*)?)?(?:\?(?:(?:dir|submodules|lfs)=[^&#]*&?)*)?$/;

function isBelow(path: string): boolean {
  return !path.startsWith('/') && !path.split(/[/=]/).includes('..');
}

function elsewhere(name: string): Failure {
  return new Failure(
    `Cannot build the image again: it was built from ${oneLine(name, 200)}, which is not a path in the checkout, and its provenance does not record the content.`,
  );
}

/** The base by the digest that it had; an archive or layout is in the checkout. */
function pinnedBase(base: string, digest: string | undefined): string {
  if (baseImageName(base) === undefined) return base;
  if (digest !== undefined) return `${base.split('@')[0]?.replace(/:[^/:]*$/, '')}@${digest}`;
  throw new Failure(
    `Cannot build the image again: its provenance does not name the digest of its base ${oneLine(base)}.`,
  );
}
