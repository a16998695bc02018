import { Failure } from '../../lib/failure.ts';
import { isObject } from '../../lib/json-object.ts';
import type { Descriptor } from '../../oci/blob.ts';
import { parseDigest } from '../../oci/digest.ts';

/** Reads a descriptor of an index or a manifest; `description` names its source in errors. */
export function parseDescriptor(value: unknown, description: string): Descriptor {
  if (!isObject(value)) throw new Failure(`Cannot read ${description}: it is not a descriptor.`);
  const { mediaType, size } = value;
  const digest = parseDigest(value.digest, `the digest of ${description}`);
  if (typeof mediaType !== 'string') throw new Failure(`Cannot read ${description}: its "mediaType" is not a string.`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size)) {
    throw new Failure(`Cannot read ${description}: its "size" is not a number of bytes.`);
  }
  return { mediaType, digest, size, annotations: parseAnnotations(value.annotations, description) };
}

/** Reads annotations; none if they are missing or null. */
export function parseAnnotations(value: unknown, description: string): Readonly<Record<string, string>> {
  const annotations = value ?? {};
  if (isStrings(annotations)) return annotations;
  throw new Failure(`Cannot read ${description}: its "annotations" is not a map of strings.`);
}

function isStrings(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every(item => typeof item === 'string');
}
