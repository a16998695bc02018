import { Failure } from '../lib/failure.ts';
import { byRepository } from '../registry/access/client.ts';
import { type Deletions, deleteTags } from '../registry/delete/delete-tags.ts';
import type { CleanupResult } from '../report/result.ts';
import type { Runtime } from '../runtime.ts';
import { openTagStore } from './open/open-tag-store.ts';
import type { Described } from './publish/open-publications.ts';
import type { StageContext } from './stage-context.ts';

/** Deletes the tags that the inputs name, and manifests that only these tags kept. */
export async function cleanUp(
  described: readonly [Described, ...Described[]],
  { runtime, access }: StageContext,
): Promise<CleanupResult> {
  const [{ inputs, metadata }] = described;
  const references = described.flatMap(one => one.metadata.references);
  if (references.length === 0) {
    throw new Failure(
      'Cannot clean up: tags gives no reference for this event. Give references, or images and a rule for the event, such as type=ref,event=pr.',
    );
  }
  const { dryRun } = inputs;
  const all: Deletions[] = [];
  for (const tags of byRepository(references)) {
    const [repository] = tags;
    const { client, tagStore } = await openTagStore(repository, { runtime, access });
    const names = [...new Set(tags.map(({ tag }) => tag))];
    all.push(await deleteTags(names, { client, tagStore, dryRun, log: runtime.log }));
  }
  const [deleted, kept] = [all.flatMap(one => one.deleted), all.flatMap(one => one.kept)];
  return { metadata, deleted, kept, dryRun };
}

/**
 * Restores the ref of a merged pull request, whose run has the ref of its base branch. docs.github.com, "github.ref"
 */
export function asPullRequest(runtime: Runtime): Runtime {
  const { pullRequest } = runtime.context;
  if (pullRequest === undefined) return runtime;
  return { ...runtime, context: { ...runtime.context, ref: `refs/pull/${pullRequest}/merge` } };
}
