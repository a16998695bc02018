import type { Inputs } from '../../inputs/inputs.ts';
import { settleAll } from '../../lib/pool.ts';
import { formatReference, type PinnedReference, parseImageName, parseReference } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import { findManifest } from '../../registry/content/manifests.ts';
import { openVerifier, type Verifier } from '../open/open-verifier.ts';
import type { StageContext } from '../stage-context.ts';
import { expectSigned } from './expect-signed.ts';

/**
 * With `require-signed`, the inputs with `base` and `reuse-from` by the digest that is signed; an image in `reuse-from`
 * that does not exist is left out. A Failure if one of them is not signed. Without it, the inputs unchanged.
 */
export async function pinSigned(
  images: readonly [Inputs, ...Inputs[]],
  context: StageContext,
): Promise<[Inputs, ...Inputs[]]> {
  const [first, ...others] = images;
  const verifier = await openVerifier(first, context.runtime);
  if (verifier === undefined) return [first, ...others];
  const pin = (inputs: Inputs) => pinInputs(inputs, verifier, context);
  return [await pin(first), ...(await settleAll(others.map(pin)))];
}

async function pinInputs(inputs: Inputs, verifier: Verifier, context: StageContext): Promise<Inputs> {
  const { base } = inputs;
  return {
    ...inputs,
    ...(base === undefined ? {} : { base: await pinBase(base, verifier, context) }),
    reuseFrom: (await settleAll(inputs.reuseFrom.map(one => pinReference(one, verifier, context)))).flat(),
  };
}

/** The name keeps its tag, which the labels of the image name. */
async function pinBase(base: string, verifier: Verifier, { runtime: { log }, access }: StageContext): Promise<string> {
  const { name, ...repository } = parseImageName(base);
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  const digest = await expectSigned(client, { name, input: 'base', verifier, log });
  return base.includes('@') ? base : `${formatReference(parseReference(base))}@${digest}`;
}

async function pinReference(
  reference: PinnedReference,
  verifier: Verifier,
  { runtime: { log }, access }: StageContext,
): Promise<PinnedReference[]> {
  const client = await openClient(reference, { ...access, actions: 'pull', mountSources: [] });
  const { tag } = reference;
  if ((await findManifest(client, tag)) === undefined) return [];
  return [{ ...reference, digest: await expectSigned(client, { name: tag, input: 'reuse-from', verifier, log }) }];
}
