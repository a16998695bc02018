import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { digestOf } from '../../oci/digest.ts';
import { formatRepository, parseImageName } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { getManifest } from '../../registry/content/manifests.ts';
import { readStored } from '../../registry/read/stored-image.ts';
import type { VerifyResult } from '../../report/result.ts';
import { openVerifier, type Verifier } from '../open/open-verifier.ts';
import type { StageContext } from '../stage-context.ts';
import type { Check } from './check.ts';
import { checkProvenance, wantedWorkflow } from './check-provenance.ts';
import { checkSbom } from './check-sbom.ts';
import { lackOfSignature, readStatements } from './read-statements.ts';

/**
 * Verifies what the inputs require of an image: that a signer has signed it, that its provenance by the same signer
 * names a workflow, that the bill of materials of each platform lists what is in the layers. A Failure with the outcome
 * of each check if one of them fails.
 */
export async function verifyImage(inputs: Inputs, context: StageContext): Promise<VerifyResult> {
  const { image, require } = inputs;
  const { runtime, access } = context;
  const verifier = await openVerifier(inputs, runtime);
  if (image === undefined || verifier === undefined) throw new TypeError('image and a signer are set in mode verify.');
  const { name: tag, ...repository } = parseImageName(image);
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  const digest = digestOf(await getManifest(client, tag));
  const name = `${formatRepository(repository)}@${digest}`;
  const statements = await readStatements(client, digest, verifier);
  const checks: Check[] = [];
  if (require.parts.includes('signature')) {
    const fault = lackOfSignature(statements);
    checks.push({ name: 'signature', ...(fault === undefined ? { detail: `by ${verifier.name}` } : { fault }) });
  }
  const provenance = checkProvenance(statements, wantedWorkflow(require, runtime.context));
  if (require.parts.includes('provenance')) checks.push(provenance);
  if (require.parts.includes('sbom')) checks.push(...(await checkSboms(client, digest, { verifier, context })));
  expectAll(name, checks);
  for (const check of checks) runtime.log.info(describe(check));
  return { name, digest, verified: checks.map(describe), provenance: provenance.predicate };
}

async function checkSboms(
  client: RepositoryClient,
  digest: string,
  { verifier, context }: { readonly verifier: Verifier; readonly context: StageContext },
): Promise<Check[]> {
  const checks: Check[] = [];
  const { images, others } = await readStored(client, digest);
  for (const image of images) {
    const statements = await readStatements(client, image.manifest.descriptor.digest, verifier);
    checks.push(await checkSbom(image, statements, context));
  }
  // Engines may take one of them for an image.
  if (others > 0) {
    checks.push({
      name: 'sbom',
      fault: `the index also lists ${others} manifests that are not images, with unknown contents`,
    });
  }
  return checks;
}

function expectAll(name: string, checks: readonly Check[]): void {
  if (checks.every(({ fault }) => fault === undefined)) return;
  const lines = checks.map(check => `- ${describe(check)}`);
  throw new Failure([`The image ${name} does not have what is required:`, ...lines].join('\n'));
}

function describe({ name, detail, fault }: Check): string {
  return fault === undefined ? `${name}: ${detail}` : `${name}: wrong: ${fault}`;
}
