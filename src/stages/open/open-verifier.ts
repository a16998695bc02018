import type { Verify, Wanted } from '../../attest/verifier.ts';
import type { Inputs, RequiredSigner } from '../../inputs/inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { readWholeFile } from '../../lib/read-whole-file.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
import type { Runtime } from '../../runtime.ts';

/** Bytes of a public key or a trusted root. */
const largestFile = 1 << 20;

/** Verifies signatures by whoever the inputs demand. */
export interface Verifier {
  /** Who that is, for people. */
  readonly name: string;
  /** The input that names them. */
  readonly input: 'require-signed' | 'require-key';
  readonly verify: Verify;
}

/** Undefined if the inputs demand no signature. The code that verifies loads here, since most runs do not need it. */
export async function openVerifier({ require: { signer } }: Inputs, runtime: Runtime): Promise<Verifier | undefined> {
  if (signer === undefined) return undefined;
  const { openVerifier: open } = await import('../../attest/verifier.ts');
  const verify = await open(await readWanted(signer, runtime));
  if (signer.kind === 'key') return { name: 'the key in require-key', input: 'require-key', verify };
  return { name: signer.identities.join(' or '), input: 'require-signed', verify };
}

/** Digest of the key, or of the trusted root, by which a signature is judged; undefined if there is none. */
export async function readSignerDigest({ require: { signer } }: Inputs, runtime: Runtime): Promise<Digest | undefined> {
  if (signer === undefined) return undefined;
  const wanted = await readWanted(signer, runtime);
  const bytes = wanted.kind === 'key' ? wanted.pem : wanted.trustedRoot;
  return bytes && digestOf(bytes);
}

async function readWanted(signer: RequiredSigner, { resolve, temporary }: Runtime): Promise<Wanted> {
  const read = async (path: string, name: string) => {
    try {
      return await readWholeFile(resolve(path), largestFile, path);
    } catch (cause) {
      throw new Failure(`Cannot read ${path}, given as ${name}: ${messageOf(cause)}.`, { cause });
    }
  };
  if (signer.kind === 'key') {
    const isPem = signer.key.startsWith('-----BEGIN ');
    return { kind: 'key', pem: isPem ? Buffer.from(signer.key) : await read(signer.key, 'require-key') };
  }
  const { identities, issuer, trustedRoot: root } = signer;
  const trustedRoot = root === undefined ? undefined : await read(root, 'trusted-root');
  return { kind: 'identity', identities, issuer, trustedRoot, directory: temporary };
}
