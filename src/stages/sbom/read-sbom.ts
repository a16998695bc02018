import { bundleType } from '../../attest/bundle.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { isPath } from '../../inputs/is-path.ts';
import type { Json } from '../../lib/json-object.ts';
import type { Digest } from '../../oci/digest.ts';
import { parseImageName } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { findAttached } from '../../registry/push/attach-artifact.ts';
import { readStored } from '../../registry/read/stored-image.ts';
import { describeGaps } from '../../sbom/inventory.ts';
import { type SbomFormat, sbomOf, sbomTypes } from '../../sbom/sbom-document.ts';
import { chooseImage } from '../open/inspect-image.ts';
import type { StageContext } from '../stage-context.ts';
import { describeBuild, describeStored, isInstallable } from './describe-subject.ts';
import { statedIn } from './read-carried.ts';

/** A bill of materials, for people. */
export interface ReadSbom {
  /** Its texts may be hostile. */
  readonly document: Json;
  /** Where it comes from, and what it does not say. */
  readonly notes: readonly string[];
}

interface Wanted extends StageContext {
  readonly format: SbomFormat;
  readonly inputs: Inputs;
}

/**
 * The bill of materials of an image: of an installable or a path what Nix knows, of a reference the attached one, or
 * without one what its layers show.
 */
export async function readSbom(name: string, { format, inputs, ...context }: Wanted): Promise<ReadSbom> {
  if (isInstallable(name) || isPath(name)) {
    const subject = await describeBuild(name, inputs, context);
    return { document: JSON.parse(await sbomOf(format, subject)), notes: describeGaps(subject.inventory) };
  }
  const { name: tag, ...repository } = parseImageName(name);
  const client = await openClient(repository, { ...context.access, actions: 'pull', mountSources: [] });
  const image = chooseImage(await readStored(client, tag, inputs.platforms[0]));
  const { digest } = image.manifest.descriptor;
  const document = await readAttachedSbom(client, digest, format);
  if (document !== undefined) {
    const notes = [`Attached to ${digest} (${image.platform}). nix-image verify checks who signed it.`];
    return { document, notes };
  }
  const subject = await describeStored(image, repository, context);
  const notes = [
    `No SBOM in ${format} is attached to ${digest} (${image.platform}), so this one is made from its layers.`,
    ...describeGaps(subject.inventory),
  ];
  return { document: JSON.parse(await sbomOf(format, subject)), notes };
}

/** The first document of a format that is attached to a manifest, signed or not; no signature is verified. */
async function readAttachedSbom(
  client: RepositoryClient,
  digest: Digest,
  format: SbomFormat,
): Promise<Json | undefined> {
  const { mediaType } = sbomTypes[format];
  for await (const attached of findAttached(client, digest, [mediaType, bundleType])) {
    const bytes = await attached.read();
    const sbom = bytes && statedIn(attached.type, bytes, digest)?.sbom;
    if (sbom?.format === format && Object.keys(sbom.document).length > 0) return sbom.document;
  }
  return undefined;
}
