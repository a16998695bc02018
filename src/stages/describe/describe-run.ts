import { expectApart } from '../../inputs/check-inputs.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { readText } from '../../local/read-text.ts';
import { computeMetadata, type Metadata } from '../../metadata/compute-metadata.ts';
import { resolveCreated } from '../../metadata/created.ts';
import {
  type ImportedMetadata,
  joinMetadata,
  metadataOfEnvironment,
  noMetadata,
  parseMetadataJson,
} from '../../metadata/imported-metadata.ts';
import { formatReference } from '../../oci/reference.ts';
import type { Runtime } from '../../runtime.ts';
import { completeContext } from './complete-context.ts';
import { findChanged } from './find-changed.ts';

/** Tags, labels and annotations of each image of the run, from the workflow and the inputs alone. */
export async function describeRun(
  images: readonly [Inputs, ...Inputs[]],
  runtime: Runtime,
): Promise<[Metadata, ...Metadata[]]> {
  const [first, ...others] = images;
  const [context, changed] = await Promise.all([completeContext(first, runtime), findChanged(images, runtime)]);
  const describe = (inputs: Inputs) =>
    describeImage(inputs, { ...runtime, context: { ...context, isDirty: changed.has(inputs) } });
  const described: [Metadata, ...Metadata[]] = [await describe(first)];
  for (const inputs of others) described.push(await describe(inputs));
  if (!first.pushByDigest) expectApart(described.flatMap(({ references }) => references.map(formatReference)));
  return described;
}

async function describeImage(inputs: Inputs, runtime: Runtime): Promise<Metadata> {
  const { log, context } = runtime;
  const now = runtime.now();
  const created = createdOf(inputs, runtime);
  const imported = await readGiven(inputs, runtime);
  const metadata = computeMetadata({ ...inputs, imported, created }, { ...context, now });
  for (const note of metadata.notes) log.warning(note);
  for (const reference of metadata.references) log.info(formatReference(reference));
  expectTags(metadata, inputs);
  return metadata;
}

/** The time of the checked-out commit, which is the one that is built. Changed files belong to no commit. */
function createdOf(inputs: Inputs, { log, context, env, now }: Runtime): string | undefined {
  const commitTime = context.isDirty ? undefined : (context.checkoutTime ?? context.commitTime);
  const created = resolveCreated(inputs.created, { sourceDateEpoch: env.SOURCE_DATE_EPOCH, commitTime, now });
  if (created === undefined && inputs.created === 'commit' && !context.isDirty && inputs.mode !== 'cleanup') {
    log.notice('The commit time is unknown, so the image keeps the created time of its build.');
  }
  return created;
}

async function readGiven({ metadata }: Inputs, { env, resolve }: Runtime): Promise<ImportedMetadata> {
  if (metadata === undefined) return noMetadata;
  if (metadata.kind === 'env') return metadataOfEnvironment(env);
  if (metadata.kind === 'json') return metadata.metadata;
  const read = async (path: string) => parseMetadataJson(await readText(resolve(path), 'metadata'), path);
  return joinMetadata(await Promise.all(metadata.paths.map(read)));
}

/** A push without any tag is an error instead of doing nothing. */
function expectTags({ references, notes }: Metadata, { push, load, tagging }: Inputs): void {
  if (references.length > 0 || !(push || load)) return;
  if (tagging.rules?.images.length === 0) {
    throw new Failure(
      `Cannot ${push ? 'push' : 'load'}: every line of images has enable=false. Enable one, or do not push here.`,
    );
  }
  const lines = tagging.rules?.rules.map(({ line }) => `"${line}"`) ?? [];
  const description = lines.length === 0 ? 'metadata gives' : `the rules ${lines.join(', ')} give`;
  const why = notes.length > 0 ? notes.join(' ') : lines.length === 0 ? 'it has none.' : 'none matches this event.';
  throw new Failure(
    `Cannot ${push ? 'push' : 'load'}: ${description} no tag: ${why} Add a rule for it, such as type=ref,event=branch, type=ref,event=tag, type=ref,event=pr, type=sha or type=raw,value=TAG, or do not push here.`,
  );
}
