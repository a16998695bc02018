import type { WorkflowContext } from '../host.ts';
import type { Labels } from '../oci/config.ts';
import type { Reference } from '../oci/reference.ts';

/**
 * The labels that the workflow itself knows, `org.opencontainers.image.*` of the OCI image-spec, annotations.md. What is
 * not known is not there. `version` is the git tag of the run, else the tag of the first reference.
 */
export function deriveLabels(
  context: WorkflowContext,
  { created, tags }: { readonly created: string | undefined; readonly tags: readonly Reference[] },
): Labels {
  const known = {
    title: context.repositoryName,
    description: context.description,
    url: context.repositoryUrl,
    source: context.repositoryUrl,
    version: context.gitTag ?? tags[0]?.tag,
    created,
    revision: context.revision,
    licenses: context.license,
  };
  const entries = Object.entries(known).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries.map(([name, value]) => [`org.opencontainers.image.${name}`, String(value)]));
}
