import { bundleType, parseBundle } from '../../attest/bundle.ts';
import { provenancePredicate } from '../../attest/provenance.ts';
import type { Signer } from '../../attest/signer.ts';
import { type Claim, claimsSame, formatStatement, predicateTypes } from '../../attest/statement.ts';
import { Failure, messageOf, sentence } from '../../lib/failure.ts';
import type { Json } from '../../lib/json-object.ts';
import { settleAll } from '../../lib/pool.ts';
import type { Artifact } from '../../oci/artifact-manifest.ts';
import type { Descriptor } from '../../oci/blob.ts';
import type { Digest } from '../../oci/digest.ts';
import { blobOf } from '../../oci/manifest.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { isUnknownContent, RegistryError } from '../../registry/access/registry-error.ts';
import { UnknownReferrers } from '../../registry/content/manifest-links.ts';
import { attachArtifact, expectAttached, readAttached } from '../../registry/push/attach-artifact.ts';
import type { Runtime } from '../../runtime.ts';
import { sbomTypes } from '../../sbom/sbom-document.ts';
import type { Publication, Pushed } from './publication.ts';
import { readBuild } from './read-build.ts';

/** Manifests in a repository. */
interface Place {
  readonly client: RepositoryClient;
  readonly subjects: readonly Descriptor[];
}

/**
 * Signs the pushed images, stores the attestations as referrers of each manifest in each repository, and reads them
 * back. No tag has moved yet. An attestation with the same claim by the same signer is not attached again.
 */
export async function attestImages<P extends Pushed>(
  publications: readonly Publication[],
  pushed: readonly P[],
  runtime: Runtime,
): Promise<P[]> {
  const attested: P[] = [];
  for (const [i, publication] of publications.entries()) {
    attested.push(await attestImage(publication, pushed[i] as P, runtime));
  }
  return attested;
}

async function attestImage<P extends Pushed>(publication: Publication, pushed: P, runtime: Runtime): Promise<P> {
  const { signer, destination, inputs } = publication;
  if (destination.clients.length === 0 || inputs.dryRun) return pushed;
  const claims =
    signer === undefined ? [] : [...(await provenanceOf(publication, pushed, runtime)), ...claimsOf(pushed)];
  try {
    if (signer === undefined) {
      await attachSboms(pushed, publication, runtime);
      return pushed;
    }
    for (const claim of claims) await attest(claim, { publication, signer, runtime });
    return { ...pushed, result: { ...pushed.result, attested: claims.map(({ predicateType }) => predicateType) } };
  } catch (error) {
    if (!(error instanceof AttachRefusal) || !inputs.attest.allowUnattested) throw error;
    const refusal = messageOf(error.cause);
    runtime.log.warning(`The image is pushed without attestations, as allow-unattested: true permits. ${refusal}`);
    return { ...pushed, result: { ...pushed.result, unattested: refusal } };
  }
}

/** The claims about an image: a bill of materials of each platform, and the signature. */
function claimsOf({ root, result, sboms = [] }: Pushed): Claim[] {
  const bills = sboms.map(({ format, text, subject }) => {
    const { predicateType } = sbomTypes[format];
    return { predicateType, predicate: JSON.parse(text) as Json, subjects: [subject] };
  });
  return [...bills, { predicateType: predicateTypes.signature, predicate: {}, subjects: subjectsOf(root, result) }];
}

/** The provenance, if the inputs ask for it. */
async function provenanceOf(publication: Publication, { root, result }: Pushed, runtime: Runtime): Promise<Claim[]> {
  const build = publication.inputs.attest.provenance ? await readBuild(publication, runtime) : undefined;
  if (build === undefined) return [];
  const { provenance: predicateType } = predicateTypes;
  return [{ predicateType, predicate: provenancePredicate(build), subjects: subjectsOf(root, result) }];
}

/** The index, or the manifest of a single platform, and the manifests that an index lists. */
function subjectsOf(root: Pushed['root'], { platforms }: Pushed['result']): Descriptor[] {
  const all = [root.descriptor, ...platforms.map(({ manifest }) => manifest)];
  return [...new Map(all.map(descriptor => [descriptor.digest, descriptor])).values()];
}

interface Task {
  readonly publication: Publication;
  readonly signer: Signer;
  readonly runtime: Runtime;
}

/** Attaches one claim to all its subjects. One bundle serves all, since a statement may have several subjects. */
async function attest(claim: Claim, { publication, signer, runtime }: Task): Promise<void> {
  const { destination, sendToGitHub } = publication;
  const [home] = destination.repositories as [Repository];
  const statement = formatStatement(claim, home);
  const places = await settleAll(
    destination.clients.map(client => searchBundle({ client, subjects: claim.subjects }, statement, signer)),
  );
  const missing = places.filter(({ subjects }) => subjects.length > 0);
  if (missing.length === 0) {
    runtime.log.info(`${claim.predicateType}: already attached`);
    return;
  }
  const found = places.find(({ bundle }) => bundle !== undefined)?.bundle;
  const bundle = found ?? (await signer.sign(statement));
  // GitHub's API first: a later run finds what is attached to the image, and would not send it again.
  if (found === undefined) await sendToGitHub?.(bundle);
  const artifact = {
    content: blobOf(bundle, bundleType),
    annotations: {
      'dev.sigstore.bundle.content': 'dsse-envelope',
      'dev.sigstore.bundle.predicateType': claim.predicateType,
    },
  };
  await settleAll(missing.map(place => attachTo(place, artifact)));
  const count = missing.flatMap(({ subjects }) => subjects).length;
  runtime.log.info(`${claim.predicateType}: signed by ${signer.name}, attached to ${count} manifests`);
}

/** The subjects to which no bundle with this claim by this signer is attached, and such a bundle of another subject. */
async function searchBundle(
  { client, subjects }: Place,
  statement: Buffer,
  signer: Signer,
): Promise<Place & { readonly bundle: Buffer | undefined }> {
  const bundles = await settleAll(subjects.map(subject => findBundle(client, subject, statement, signer)));
  return {
    client,
    subjects: subjects.filter((_, i) => bundles[i] === undefined),
    bundle: bundles.find(bundle => bundle !== undefined),
  };
}

/** A bundle attached to a manifest that makes this claim and is by this signer, as far as the registry shows. */
async function findBundle(
  client: RepositoryClient,
  subject: Descriptor,
  statement: Buffer,
  signer: Signer,
): Promise<Buffer | undefined> {
  try {
    for await (const bytes of readAttached(client, subject.digest, bundleType)) {
      if (await makesClaim(bytes, statement, signer)) return bytes;
    }
  } catch (error) {
    // Attaching it once more does no harm.
    if (!(error instanceof UnknownReferrers)) throw error;
  }
  return undefined;
}

async function makesClaim(bundle: Buffer, statement: Buffer, signer: Signer): Promise<boolean> {
  try {
    return claimsSame(parseBundle(bundle).statement, statement) && (await signer.hasMade(bundle));
  } catch {
    // Others may attach anything.
    return false;
  }
}

/** Attaches an artifact and reads it back. */
async function attachTo(place: Place, artifact: Artifact): Promise<void> {
  const { client, subjects } = place;
  const digests = await attachUnlessRefused(place, artifact);
  await settleAll(subjects.map((subject, i) => expectAttached(client, subject, digests[i] as Digest)));
}

async function attachUnlessRefused({ client, subjects }: Place, artifact: Artifact): Promise<Digest[]> {
  try {
    return await attachArtifact(client, subjects, artifact);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new AttachRefusal(
      `Cannot attach attestations to ${formatRepository(client.repository)}@${subjects[0]?.digest}: ${sentence(error.message)} ` +
        'No tag was moved. Use a registry that stores OCI artifacts, or set allow-unattested: true to push without them.',
      { cause: error },
    );
  }
}

/** Without a signer, bills of materials are attached unsigned. */
async function attachSboms({ sboms = [] }: Pushed, { destination }: Publication, { log }: Runtime): Promise<void> {
  for (const { format, text, subject } of sboms) {
    const artifact = { content: blobOf(text, sbomTypes[format].mediaType), annotations: {} };
    for (const client of destination.clients) await attachTo({ client, subjects: [subject] }, artifact);
    log.info(`${format}: attached to ${subject.digest}, unsigned`);
  }
}

class AttachRefusal extends Failure {}

/**
 * A registry that refuses artifacts answers with 4xx. A registry that is busy is a different failure, and so is lost
 * content, see `retryWithoutReuse`.
 */
function isRefusal(error: unknown): error is RegistryError {
  if (!(error instanceof RegistryError) || isUnknownContent(error)) return false;
  return error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
}
