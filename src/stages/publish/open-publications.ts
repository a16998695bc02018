import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { settleAll } from '../../lib/pool.ts';
import type { Output } from '../../local/write-output.ts';
import type { Metadata } from '../../metadata/compute-metadata.ts';
import type { Repository } from '../../oci/reference.ts';
import { isDenied } from '../../registry/access/registry-error.ts';
import { type DestinationOptions, openDestination } from '../../registry/push/destination.ts';
import type { Runtime } from '../../runtime.ts';
import { isPrebuilt } from '../build/is-prebuilt.ts';
import { describeRun } from '../describe/describe-run.ts';
import { baseImageName } from '../open/base-image-name.ts';
import { openAttestationsApi } from '../open/open-attestations-api.ts';
import { openSigner } from '../open/open-signer.ts';
import { readSources } from '../open/read-sources.ts';
import type { StageContext } from '../stage-context.ts';
import type { Publication } from './publication.ts';

/** An image with its metadata; its destination is not open yet. */
export type Described = Omit<Publication, 'destination'>;

/**
 * Opens the destinations of each image, which checks the push permission. If it is missing because GitHub gave the run
 * of a fork a read-only token, the images are written as layouts for another job to push.
 */
export async function openPublications(
  described: readonly Described[],
  { runtime, access }: StageContext,
): Promise<Publication[]> {
  const isPushed = ({ inputs }: Described) => inputs.push || inputs.dryRun;
  const mountFrom = [
    ...described.filter(isPushed).flatMap(({ metadata }) => metadata.references),
    ...described.flatMap(placesOf),
  ];
  const open = (one: Described) => {
    const references = isPushed(one) ? one.metadata.references : [];
    return openDestination({ ...optionsOf(one, runtime), references, mountFrom }, access);
  };
  try {
    const opened = await settleAll(described.map(async one => ({ ...one, destination: await open(one) })));
    return opened.some(isPushed) ? withSigner(opened, { runtime, access }) : opened;
  } catch (error) {
    if (!isDenied(error) || !runtime.context.isRestricted || described[0]?.inputs.mode !== 'build') throw error;
    const layouts = await chooseLayouts(described, runtime);
    runtime.log.warning(
      `Not pushed: ${error.message} Pull requests from forks and by Dependabot get a read-only token. ` +
        `The image is built and written to ${layouts.map(({ path }) => path).join(', ')}: upload that as an artifact, ` +
        'and push it in a workflow_run job with the push-layout action.',
    );
    return settleAll(described.map((one, i) => forLayout(one, layouts[i] as Output, { runtime, access })));
  }
}

/** The images of a step have one signer. */
async function withSigner(publications: readonly Publication[], context: StageContext): Promise<Publication[]> {
  const [{ inputs }] = publications as readonly [Publication];
  if (inputs.attest.provenance && context.runtime.context.workflow === undefined) {
    throw new Failure(
      'Cannot attach provenance: it names the workflow that builds the image, and no workflow runs here. Remove provenance.',
    );
  }
  const signer = await openSigner(inputs, context.runtime);
  const sendToGitHub = inputs.attest.toGitHub ? openAttestationsApi(context) : undefined;
  return publications.map(one => ({ ...one, signer, sendToGitHub }));
}

/** Computes the metadata of each image and reads its sources. */
export async function describeImages(
  images: readonly [Inputs, ...Inputs[]],
  runtime: Runtime,
): Promise<[Described, ...Described[]]> {
  const all = await runtime.log.group('Metadata', () => describeRun(images, runtime));
  const describe = async (inputs: Inputs, i: number) => {
    return { inputs, metadata: all[i] as Metadata, sources: await readSources(inputs.sources, runtime) };
  };
  const [first, ...others] = images;
  return Promise.all([describe(first, 0), ...others.map((inputs, i) => describe(inputs, i + 1))]);
}

/** The images with other inputs, one for each. */
export function withInputs([first, ...others]: [Described, ...Described[]], inputs: readonly Inputs[]) {
  const replace = (one: Described, i: number): Described => ({ ...one, inputs: inputs[i] ?? one.inputs });
  return [replace(first, 0), ...others.map((one, i) => replace(one, i + 1))] as [Described, ...Described[]];
}

/** Repositories that layers may be mounted from. */
function placesOf({ inputs: { base, from }, sources }: Described): Repository[] {
  const bases = base === undefined ? [] : (baseImageName(base) ?? []);
  const joined = sources.flatMap(({ repository }) => repository ?? []);
  return [bases, from !== undefined && 'host' in from ? from : [], ...joined].flat();
}

/** Without a build, the push itself shows its permission just as early; only a restricted run must know before. */
function optionsOf({ inputs }: Described, { context }: Runtime): DestinationOptions {
  const isPushedAtOnce = inputs.mode === 'build' && isPrebuilt(inputs);
  return {
    ...inputs,
    references: [],
    preflight: (inputs.preflight && !isPushedAtOnce) || context.isRestricted === true,
    readsAhead: isPushedAtOnce && inputs.reuse !== 'off',
  };
}

/** The layout of each image: the one in `output`, else a directory that lasts as long as the job. */
async function chooseLayouts(described: readonly Described[], runtime: Runtime): Promise<Output[]> {
  const directory = await runtime.createDirectory();
  return described.map(({ inputs: { name = 'layout', output } }) =>
    output === undefined || output.kind === 'docker-archive'
      ? { kind: 'oci', path: `${directory}/${name}` }
      : { kind: output.kind, path: runtime.resolve(output.path) },
  );
}

async function forLayout(one: Described, layout: Output, { runtime, access }: StageContext): Promise<Publication> {
  const destination = await openDestination(optionsOf(one, runtime), access);
  return { ...one, inputs: { ...one.inputs, push: false }, destination, layout };
}
