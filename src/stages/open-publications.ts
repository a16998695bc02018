import type { Host } from '../host.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { settleAll } from '../lib/pool.ts';
import type { Output } from '../local/write-output.ts';
import type { Repository } from '../oci/reference.ts';
import { type DestinationOptions, openDestination } from '../registry/destination.ts';
import { isDenied } from '../registry/registry-error.ts';
import type { Circumstances } from './circumstances.ts';
import { describeRun } from './describe-run.ts';
import { baseImageName } from './open-base.ts';
import type { Publication } from './publish-images.ts';
import { readSources } from './read-sources.ts';

type Described = Omit<Publication, 'destination'>;

/**
 * What is to be said of each image, and the places that it is pushed to: whether that is allowed shows now. Where it is not
 * since GitHub gave the run of a fork a token that only reads, the images become layouts for another job to push.
 */
export async function openPublications(
  images: readonly [Inputs, ...Inputs[]],
  { host, access }: Circumstances,
): Promise<Publication[]> {
  const known = images[0].mode === 'push-layout' ? asTriggeringRun(host) : host;
  const all = await host.log.group('Metadata', () => describeRun(images, known));
  const described = all.flatMap((metadata, i) => images.slice(i, i + 1).map(inputs => ({ inputs, metadata })));
  const isPushed = ({ inputs }: Described) => inputs.push || inputs.dryRun;
  const mountFrom = [
    ...described.filter(isPushed).flatMap(({ metadata }) => metadata.references),
    ...(await Promise.all(images.map(inputs => placesOf(inputs, host)))).flat(),
  ];
  const open = (one: Described) => {
    const references = isPushed(one) ? one.metadata.references : [];
    return openDestination({ ...optionsOf(one, host), references, mountFrom }, access);
  };
  try {
    return await settleAll(described.map(async one => ({ ...one, destination: await open(one) })));
  } catch (error) {
    if (!isDenied(error) || !host.context.isRestricted || images[0].mode !== 'build') throw error;
    const layouts = await chooseLayouts(images, host);
    host.log.warning(
      `Nothing is pushed: ${error.message} A pull request from a fork, or by Dependabot, has a token that only reads. ` +
        `The image is built and written to ${layouts.map(({ path }) => path).join(', ')}: upload that as an artifact, ` +
        'and push it by a workflow_run job with mode: push-layout.',
    );
    return settleAll(described.map((one, i) => forLayout(one, layouts[i] as Output, { host, access })));
  }
}

/** Repositories of the images that layers may come from. */
async function placesOf({ base, from, sources }: Inputs, host: Host): Promise<Repository[]> {
  const bases = base === undefined ? [] : (baseImageName(base) ?? []);
  const joined = (await readSources(sources, host)).map(({ repository }) => repository ?? []);
  return [bases, from !== undefined && 'host' in from ? from : [], ...joined].flat();
}

function optionsOf({ inputs }: Described, { context }: Host): DestinationOptions {
  return { ...inputs, references: [], preflight: inputs.preflight || context.isRestricted === true };
}

/** Where each image is written: as `output` says, if that is a layout. */
async function chooseLayouts(images: readonly Inputs[], host: Host): Promise<Output[]> {
  const directory = await host.createDirectory();
  return images.map(({ name = 'layout', output }) =>
    output === undefined || output.kind === 'docker-archive'
      ? { kind: 'oci', path: `${directory}/${name}` }
      : { kind: output.kind, path: host.resolve(output.path) },
  );
}

async function forLayout(one: Described, layout: Output, { host, access }: Circumstances): Promise<Publication> {
  const destination = await openDestination(optionsOf(one, host), access);
  return { ...one, inputs: { ...one.inputs, push: false }, destination, layout };
}

/** What a `workflow_run` job is given was built from the commit of the run that triggered it, not from the job's own. */
function asTriggeringRun(host: Host): Host {
  const { commitTime: _, checkoutTime: __, ...context } = host.context;
  const { triggeringSha: sha } = context;
  return sha === undefined ? host : { ...host, context: { ...context, revision: sha, sha } };
}
