import { Failure } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { parseJsonObject } from '../lib/parse-json.ts';

/** Media type of a bundle, and type of the artifact that holds it. Sigstore bundle format v0.3. */
export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Bytes of a bundle that is read: a bill of materials in it may be far larger than a manifest. */
export const largestBundle = 32 << 20;

/** The type of a payload that is an in-toto statement. */
export const statementType = 'application/vnd.in-toto+json';

/** A signature over a statement, read from a bundle. Nothing of it is verified. */
export interface Bundle {
  readonly statement: Buffer;
  readonly signature: Buffer;
  /** Certificate of the key, as DER; undefined if a long-lived key signed. */
  readonly certificate: Buffer | undefined;
}

/** Reads a bundle with a DSSE envelope around a statement. A Failure if it is another document. */
export function parseBundle(bytes: Uint8Array): Bundle {
  const json = parseJsonObject(bytes, 'a Sigstore bundle', { largest: largestBundle });
  const { mediaType, dsseEnvelope, verificationMaterial } = json;
  const { payload, payloadType, signatures } = isObject(dsseEnvelope) ? dsseEnvelope : ({} as Json);
  const [signature] = Array.isArray(signatures) && signatures.length === 1 ? signatures : [];
  const sig = isObject(signature) ? signature.sig : undefined;
  const isStatement = mediaType === bundleType && payloadType === statementType;
  if (!isStatement || typeof payload !== 'string' || typeof sig !== 'string') {
    throw new Failure('Cannot read a Sigstore bundle: it is not one of version 0.3 with one signed in-toto statement.');
  }
  const { certificate } = isObject(verificationMaterial) ? verificationMaterial : ({} as Json);
  const { rawBytes } = isObject(certificate) ? certificate : ({} as Json);
  return {
    statement: Buffer.from(payload, 'base64'),
    signature: Buffer.from(sig, 'base64'),
    certificate: typeof rawBytes === 'string' ? Buffer.from(rawBytes, 'base64') : undefined,
  };
}

/** The signed bytes: the statement with its type. DSSE protocol, "Signature Definition". */
export function signedBytes(statement: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${statementType.length} ${statementType} ${statement.length} `),
    statement,
  ]);
}
