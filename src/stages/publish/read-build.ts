import { flakeDependencies } from '../../attest/flake-dependencies.ts';
import type { Build, Dependency } from '../../attest/provenance.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { withoutLogins } from '../../lib/http/url-login.ts';
import { readLocalFlake } from '../../nix/local-flake.ts';
import { hexOf } from '../../oci/digest.ts';
import type { NamedImage } from '../../oci/image.ts';
import type { Runtime } from '../../runtime.ts';
import type { Publication, ReadyImage } from './publication.ts';

/** How this image was built, for its provenance; undefined outside a workflow. */
export async function readBuild(
  publication: Publication & Partial<Pick<ReadyImage, 'platforms' | 'promoted'>>,
  runtime: Runtime,
): Promise<Build | undefined> {
  const { inputs, platforms = [], built, signer, promoted } = publication;
  const { workflow, eventName = '' } = runtime.context;
  if (workflow === undefined) return undefined;
  const bases = platforms.flatMap(({ image }) => image.base ?? []);
  return {
    workflow,
    eventName,
    name: inputs.name,
    inputs: publicInputs(inputs, runtime),
    dependencies: [
      ...checkoutOf(runtime),
      ...(await flakesOf(inputs, runtime)),
      ...(promoted === undefined ? [] : [imageDependency('from', promoted.image)]),
      ...new Map(bases.map(base => [base.digest, imageDependency('base', base)])).values(),
      ...nixRelease(built?.nixVersion),
    ],
    derivations: built?.derivations ?? [],
    nixVersion: built?.nixVersion,
    rebuilt: built?.rebuilt,
    reused: built?.reused,
    identity: signer?.identity,
  };
}

/** Hides a line with a token, whichever input has it. */
function publicInputs({ given }: Inputs, { log }: Runtime): Readonly<Record<string, string>> {
  const clean = (text: string) => withoutLogins(log.masked(text)).replaceAll(/^.*access-tokens.*$/gm, '***');
  return Object.fromEntries(Object.entries(given).map(([name, text]) => [name, clean(text)]));
}

function checkoutOf({ context: { repositoryUrl, ref, revision } }: Runtime): Dependency[] {
  if (repositoryUrl === undefined || revision === undefined) return [];
  return [{ uri: `git+${repositoryUrl}${ref === undefined ? '' : `@${ref}`}`, digest: { gitCommit: revision } }];
}

/** The inputs of the flakes in the checkout. Only Nix knows the pinned inputs of other flakes. */
async function flakesOf({ builds }: Inputs, runtime: Runtime): Promise<Dependency[]> {
  const locks = new Set<string>();
  for (const { source } of builds) {
    if (source.kind !== 'installable') continue;
    try {
      const { lock } = await readLocalFlake(source.installable, runtime.resolve);
      if (lock !== undefined) locks.add(lock);
    } catch (error) {
      runtime.log.debug(`Provenance lacks the inputs of ${source.installable}: ${String(error)}`);
    }
  }
  return [...locks].flatMap(flakeDependencies);
}

function imageDependency(name: string, { name: image, digest }: NamedImage): Dependency {
  return { name, uri: `oci://${image}`, digest: { sha256: hexOf(digest) } };
}

function nixRelease(version: string | undefined): Dependency[] {
  return version === undefined || version === ''
    ? []
    : [{ name: 'nix', uri: `https://releases.nixos.org/nix/nix-${version}` }];
}
