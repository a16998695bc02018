import { bundleType } from '../../attest/bundle.ts';
import { predicateTypes } from '../../attest/statement.ts';
import { Failure } from '../../lib/failure.ts';
import type { Json } from '../../lib/json-object.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { oneLine } from '../../lib/printable.ts';
import type { Digest } from '../../oci/digest.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { type AttachedDocument, findAttached } from '../../registry/push/attach-artifact.ts';
import type { Stored } from '../../registry/read/stored-image.ts';
import { type SbomFormat, sbomFormats, sbomTypes } from '../../sbom/sbom-document.ts';
import type { Verifier } from '../open/open-verifier.ts';
import { statementAbout } from '../verify/read-statements.ts';

/** A bill of materials of an image that is promoted, for the new image. */
export interface CarriedSbom {
  readonly format: SbomFormat;
  /** Reads it from the registry: it is too large to keep until it is written. */
  read(): Promise<Json>;
}

/** What is attached to an image that is promoted. */
export interface Carried {
  /** For each image of an index. */
  readonly sboms: readonly (readonly CarriedSbom[])[];
  /** What the new image gets, and what it does not get and why, for people. */
  readonly over: readonly string[];
  readonly left: readonly string[];
}

interface Promotion {
  /** Who must have signed the image; undefined if nobody must. */
  readonly verifier: Verifier | undefined;
  /** Whether this step signs the new image, and makes provenance for it. */
  readonly signs: boolean;
  readonly provenance: boolean;
}

/**
 * Finds out what is attached to an image and can be made anew for the image after its labels changed. A step that signs
 * carries over a bill of materials only if the wanted signer has signed it: anyone who may push can attach one.
 */
export async function readCarried(client: RepositoryClient, stored: Stored, promotion: Promotion): Promise<Carried> {
  const all: Attached[][] = [];
  for (const { manifest } of stored.images) {
    all.push(await readAllAttached(client, manifest.descriptor.digest, promotion));
  }
  const ofIndex = stored.index === undefined ? [] : await readAllAttached(client, stored.digest, promotion);
  const outcomes = stored.images.flatMap(({ platform }, i) =>
    (all[i] ?? []).map(one => outcomeOf(one, { platform, ...promotion })),
  );
  outcomes.push(
    ...ofIndex.map(one => outcomeOf({ ...one, format: undefined }, { platform: 'the index', ...promotion })),
  );
  const linesOf = (isCarried: boolean) => {
    const lines = outcomes.filter(one => one.isCarried === isCarried).map(({ line }) => line);
    return [...new Set(lines)].sort();
  };
  return {
    sboms: all.map(attached =>
      attached.flatMap(({ format, fault, read }) => (format && fault === undefined ? [{ format, read }] : [])),
    ),
    over: linesOf(true),
    left: linesOf(false),
  };
}

/** One artifact. Its document is not kept: there may be a hundred of 32 MiB. */
interface Attached {
  readonly type: string;
  /** Of a bill of materials; undefined if it is something else. */
  readonly format: SbomFormat | undefined;
  /** Why the bill of materials is not carried over; undefined if it is. */
  readonly fault?: string | undefined;
  /** Reads the bill of materials. */
  readonly read: () => Promise<Json>;
}

async function readAllAttached(client: RepositoryClient, digest: Digest, promotion: Promotion): Promise<Attached[]> {
  const all: Attached[] = [];
  const types = [bundleType, ...sbomFormats.map(format => sbomTypes[format].mediaType)];
  for await (const document of findAttached(client, digest, types)) {
    const one = await examine(document, digest, promotion);
    const isSecond = all.some(({ format, fault }) => format === one?.format && fault === undefined);
    if (one !== undefined)
      all.push({ ...one, fault: one.fault ?? (isSecond ? 'another one is carried over' : undefined) });
  }
  return all;
}

/** What an artifact is, and whether it can be carried over; undefined if it says nothing about the manifest. */
async function examine(
  attached: AttachedDocument,
  digest: Digest,
  { verifier, signs }: Promotion,
): Promise<Attached | undefined> {
  const read = async () => {
    const bytes = await attached.read();
    const sbom = bytes && statedIn(attached.type, bytes, digest)?.sbom;
    if (sbom !== undefined) return sbom.document;
    throw new Failure(`Cannot read an SBOM that was attached to ${digest}: it is gone. Run the step again.`);
  };
  const unsigned =
    verifier === undefined
      ? 'nobody has to have signed it; set require-signed'
      : `it is not signed by ${verifier.name}`;
  const format = formatOf(attached.type);
  if (format !== undefined && (verifier !== undefined || signs)) {
    return { type: attached.type, format, fault: unsigned, read };
  }
  const bytes = await attached.read();
  const stated = bytes && statedIn(attached.type, bytes, digest);
  if (bytes === undefined || stated === undefined) return undefined;
  const { type, sbom } = stated;
  const isSigned = format !== undefined || (verifier !== undefined && hasSigned(verifier, bytes));
  const fault = isSigned ? await faultIn(sbom) : unsigned;
  return { type, format: sbom?.format, fault, read };
}

/** What an artifact states about a manifest. Nothing is verified. */
interface Stated {
  /** Predicate type of a statement, media type of an unsigned document. */
  readonly type: string;
  readonly sbom: StatedSbom | undefined;
}

interface StatedSbom {
  readonly format: SbomFormat;
  readonly document: Json;
}

/** What a document of this media type states; undefined if it is not about the manifest: others may attach anything. */
export function statedIn(mediaType: string, bytes: Buffer, digest: Digest): Stated | undefined {
  const ofUnsigned = formatOf(mediaType);
  if (ofUnsigned !== undefined) {
    const document = objectIn(bytes, { largest: bytes.length });
    return { type: mediaType, sbom: { format: ofUnsigned, document } };
  }
  try {
    const { predicateType: type, predicate } = statementAbout(digest, bytes);
    const format = sbomFormats.find(one => sbomTypes[one].predicateType === type);
    return { type, sbom: format && { format, document: predicate } };
  } catch {
    return undefined;
  }
}

function formatOf(mediaType: string): SbomFormat | undefined {
  return sbomFormats.find(format => sbomTypes[format].mediaType === mediaType);
}

/** Only documents that the action has made are made anew. */
async function faultIn(sbom: StatedSbom | undefined): Promise<string | undefined> {
  if (sbom === undefined) return undefined;
  const { isOwn } = await import('../../sbom/with-subject.ts');
  return isOwn(sbom.format, sbom.document) ? undefined : 'another program made it';
}

function hasSigned({ verify }: Verifier, bundle: Buffer): boolean {
  try {
    verify(bundle);
    return true;
  } catch {
    return false;
  }
}

function outcomeOf(
  { type, format, fault }: Attached,
  { platform, signs, provenance }: Promotion & { readonly platform: string },
): { readonly isCarried: boolean; readonly line: string } {
  const left = (name: string, why: string) => ({ isCarried: false, line: `${name}: ${why}` });
  const over = (name: string, how: string) => ({ isCarried: true, line: `${name}: ${how}` });
  if (format !== undefined) {
    const name = `${format} of ${platform}`;
    return fault === undefined ? over(name, signs ? 'signed by this step' : 'unsigned') : left(name, fault);
  }
  if (type === predicateTypes.signature) {
    return signs
      ? over('signature', 'a new one, by this step')
      : left('signature', 'it is about the image before; set sign');
  }
  if (type === predicateTypes.provenance) {
    return provenance
      ? over('provenance', 'a new one, which names the image before')
      : left('provenance', 'it is about the image before; set provenance');
  }
  return left(oneLine(type, 100), 'it is about the image before');
}
