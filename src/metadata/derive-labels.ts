import type { Labels } from '../oci/config.ts';
import type { NamedImage } from '../oci/image.ts';
import type { WorkflowContext } from '../runtime.ts';

/** Which commit of a pull request is its revision: the last one pushed, or GitHub's merge commit for the run. */
export type RevisionChoice = 'head' | 'merge';

/** What Nix knows about a package, from its `meta`. */
export interface PackageMeta {
  readonly description: string | null;
  /** SPDX identifier. */
  readonly license: string | null;
  readonly homepage: string | null;
  readonly version: string | null;
}

/**
 * The labels that the workflow determines, `org.opencontainers.image.*` of the OCI image-spec, annotations.md. Unknown
 * ones are omitted. `version` comes from the caller.
 */
export function deriveLabels(
  context: WorkflowContext,
  values: {
    readonly created: string | undefined;
    readonly version: string | undefined;
    readonly revision: RevisionChoice;
  },
): Labels {
  const revision = values.revision === 'merge' ? (context.sha ?? context.revision) : context.revision;
  return ociLabels({
    title: context.repositoryName,
    description: context.description,
    url: context.repositoryUrl,
    source: context.repositoryUrl,
    version: values.version,
    created: values.created,
    revision: revision && context.isDirty ? `${revision}-dirty` : revision,
    // GitHub's value for a license that it does not recognise.
    licenses: context.license === 'NOASSERTION' ? undefined : context.license,
  });
}

/** The labels from a package's `meta`. */
export function packageLabels({ description, license, homepage, version }: PackageMeta): Labels {
  return ociLabels({ description, url: homepage, version, licenses: license });
}

/** The labels about the base image. */
export function baseLabels(base: NamedImage | undefined): Labels {
  return ociLabels({ 'base.name': base?.name, 'base.digest': base?.digest });
}

function ociLabels(known: Readonly<Record<string, string | null | undefined>>): Labels {
  const entries = Object.entries(known).filter(([, value]) => (value ?? '') !== '');
  return Object.fromEntries(entries.map(([name, value]) => [`org.opencontainers.image.${name}`, String(value)]));
}
