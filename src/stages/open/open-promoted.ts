import { openLayoutFiles } from '../../image/oci-layout/open-layout-files.ts';
import { type LayoutImages, openLayoutImages } from '../../image/oci-layout/open-oci-layout.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { platformOf } from '../../oci/config.ts';
import { isDigest } from '../../oci/digest.ts';
import { withBlobsKept } from '../../oci/image.ts';
import { closestTo } from '../../oci/platform.ts';
import { formatRepository } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { awaitManifest, type Patience } from '../../registry/content/await-manifest.ts';
import { findManifest } from '../../registry/content/manifests.ts';
import { remoteImageOf } from '../../registry/read/remote-image.ts';
import { readStored } from '../../registry/read/stored-image.ts';
import type { Runtime } from '../../runtime.ts';
import type { Publication, ReadyImage } from '../publish/publication.ts';
import { readCarried } from '../sbom/read-carried.ts';
import type { StageContext } from '../stage-context.ts';
import { expectSigned } from '../verify/expect-signed.ts';
import { labelImage } from './label-image.ts';
import { openVerifier } from './open-verifier.ts';

/** The time that most builds take. */
const usualPatience = { pause: 15_000, longest: 900_000 };

/**
 * Opens the image to promote, or all images of its index, and labels each; layers are not read. A run for a git tag
 * waits for a missing image, since the run that pushes it may have started at the same time.
 */
export async function openPromoted(
  publications: readonly Publication[],
  context: StageContext,
  patience: Patience = usualPatience,
): Promise<ReadyImage[]> {
  const { runtime } = context;
  const ready: ReadyImage[] = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const { index, images, others, promoted } = await openFrom(inputs, context, patience);
    if (others > 0) {
      runtime.log.notice(`Attestations are not copied (${others}): they describe the images before promotion.`);
    }
    const platforms = images.map((image, i) => ({
      ...labelImage(withBlobsKept(image), metadata, { inputs, meta: undefined, runtime }),
      carried: promoted?.carried.sboms[i],
    }));
    // A single platform chosen from an index is pushed as an image.
    ready.push({ ...publication, platforms, promoted, index: inputs.platforms.length === 0 ? index : undefined });
  }
  return ready;
}

async function openFrom(
  inputs: Inputs,
  context: StageContext,
  patience: Patience,
): Promise<LayoutImages & Pick<ReadyImage, 'promoted'>> {
  const { runtime, access } = context;
  const { from, platforms, imageName } = inputs;
  const [platform] = platforms;
  if (from === undefined) throw new TypeError('from is set in mode promote.');
  if ('layout' in from) {
    const files = await openLayoutFiles(runtime.resolve(from.layout), { isTrusted: true });
    const choice = {
      ...(imageName === undefined ? {} : { imageName }),
      ...(platform === undefined ? {} : { platform }),
    };
    return openLayoutImages(files, choice);
  }
  const client = await openClient(from, { ...access, actions: 'pull', mountSources: [] });
  await expectImage(client, from.name, { runtime, patience });
  const verifier = await openVerifier(inputs, runtime);
  const demanded = { name: from.name, input: 'from', log: runtime.log };
  const name = verifier === undefined ? from.name : await expectSigned(client, { ...demanded, verifier });
  const stored = await readStored(client, name, platform);
  const { digest, index, images, others } = stored;
  runtime.log.info(`From ${formatRepository(from)}@${digest}`);
  for (const { config, manifest } of images) {
    const own = platformOf(config);
    runtime.log.info(`${own}: ${manifest.descriptor.digest}`);
    if (platform === undefined || closestTo(platform, [own], one => one).length > 0) continue;
    throw new Failure(`Cannot promote ${formatRepository(from)}@${digest} for ${platform}: it is for ${own}.`);
  }
  const { signer, provenance } = inputs.attest;
  const carried = await readCarried(client, stored, { verifier, signs: signer !== undefined, provenance });
  const promoted = { image: { name: formatRepository(from), digest }, carried };
  return { index, images: images.map(remoteImageOf), others, promoted };
}

/**
 * Events of a new git tag. Its commit may be pushed at the same time, so another run may be about to push its image.
 */
const eventsOfTags: readonly (string | undefined)[] = ['push', 'create', 'release'];

/** Checks that the image exists; waits for a tag that another run is expected to push. */
async function expectImage(
  client: RepositoryClient,
  name: string,
  { runtime: { context, log, now }, patience }: { readonly runtime: Runtime; readonly patience: Patience },
): Promise<void> {
  if ((await findManifest(client, name)) !== undefined) return;
  const description = `${formatRepository(client.repository)}${isDigest(name) ? '@' : ':'}${name}`;
  const missing = `Cannot promote ${description}: the image does not exist`;
  if (isDigest(name) || !eventsOfTags.includes(context.eventName)) {
    throw new Failure(`${missing}. Check from, or push the image first.`);
  }
  const minutes = Math.ceil(patience.longest / 60_000);
  log.notice(`${description} does not exist yet. Waiting up to ${minutes} min for the run that pushes it.`);
  if (await awaitManifest(client, name, { ...patience, now })) return;
  throw new Failure(
    `${missing}, after ${minutes} min of waiting. Check from and the job that pushes the image, and run this job again.`,
  );
}
